import type { StackPlan } from "../plan/stack-plan";
import { secretsIn } from "./collect";
import { looksSecret } from "./secret-shapes";

/** What is shown in the place of a secret: never its length, never a hash of it. */
export const hidden = "(sensitive)";

/** Knows the secrets of all plans, and hides them wherever they appear: copies, encodings, messages. */
export class Masks {
  private readonly whole: ReadonlySet<string>;
  private readonly within: RegExp | undefined;
  private readonly known = new Map<string, boolean>();

  /** @param secrets values that must not be shown */
  constructor(
    secrets: ReadonlySet<string>,
    readonly isPlain: (variable: string) => boolean,
  ) {
    this.whole = secrets;
    const forms = [...secrets].filter(isDistinctive).flatMap(formsOf);
    this.within =
      forms.length === 0
        ? undefined
        : new RegExp(
            [...new Set(forms)]
              .sort((one, other) => other.length - one.length)
              .map(escaped)
              .join("|"),
            "g",
          );
  }

  /** @param plainVariables environment variables whose values are no secrets */
  static of(plans: readonly StackPlan[], plainVariables: readonly string[]): Masks {
    const plain = new Set(plainVariables);
    const isPlain = (variable: string) => plain.has(variable);
    return new Masks(secretsIn(plans, isPlain), isPlain);
  }

  /** Whether a value is a secret, holds one, or looks like one. */
  hides(value: string): boolean {
    // The same few values stand in most resources of a plan.
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const hides = this.holds(value) || looksSecret(value);
    if (value.length <= 200 && this.known.size < 50_000) this.known.set(value, hides);
    return hides;
  }

  /** Whether a value is a known secret, or holds one. */
  holds(value: string): boolean {
    return this.whole.has(value) || this.holdsSecret(value);
  }

  /** The value, or what is shown in its place. */
  value(value: string): string {
    return this.hides(value) ? hidden : value;
  }

  /** A message for people, with the secrets in it replaced. */
  message(text: string): string {
    const replaced = this.within === undefined ? text : text.replace(this.within, hidden);
    return replaced
      .split(/(\s+)/)
      .map((word) => (this.whole.has(word) || looksSecret(word) ? hidden : word))
      .join("");
  }

  private holdsSecret(value: string): boolean {
    if (this.within === undefined) return false;
    this.within.lastIndex = 0;
    return this.within.test(value);
  }
}

/** Short words are secrets only where they stand alone: "admin" is in half of all names. */
function isDistinctive(secret: string): boolean {
  return secret.length >= 6 && !(secret.length < 9 && /^[a-z]+$/.test(secret));
}

/** A secret as it stands in other texts: in JSON, in an address, in base64 at any offset, in hexadecimal. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The characters at both ends also depend on what stands beside the secret.
    const inner = coded.slice(
      offset === 0 ? 0 : offset + 1,
      (bytes.length + offset) % 3 === 0 ? undefined : -1,
    );
    return inner.length >= 8 ? [inner, inner.replaceAll("+", "-").replaceAll("/", "_")] : [];
  });
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    secret.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    encodeURIComponentSafely(secret),
    ...base64,
    bytes.toString("hex"),
  ];
}

/** A lone surrogate has no URL form. */
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.replace(loneSurrogate, "\ufffd"));
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
