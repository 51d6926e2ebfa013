import { createHash } from "node:crypto";
import type { StackPlan } from "../plan/stack-plan";
import { secretsIn } from "./collect";
import { looksSecret } from "./secret-shapes";
import { WordIndex } from "./word-index";

/** Replaces a secret, without its length or a hash. */
export const hidden = "(sensitive)";

/** Masks the secrets of all plans in copies, encodings and messages. */
export class Masks {
  private readonly whole: ReadonlySet<string>;
  /** Lengths of the secrets. Most values have another length, and do not have to be hashed. */
  private readonly lengths: ReadonlySet<number>;
  /** Matches what `index` finds. */
  private readonly within: RegExp;
  private readonly index: WordIndex;
  private readonly known = new Map<string, boolean>();
  private readonly messages = new Map<string, string>();

  /** @param secrets values to mask */
  constructor(
    secrets: ReadonlySet<string>,
    readonly isPlain: (variable: string) => boolean,
  ) {
    this.whole = secrets;
    this.lengths = new Set([...secrets].map(({ length }) => length));
    const forms = [...new Set([...secrets].filter(isDistinctive).flatMap(formsOf))];
    this.index = new WordIndex(forms);
    const longestFirst = forms.sort((one, other) => other.length - one.length);
    this.within = new RegExp(longestFirst.map(escaped).join("|"), "g");
  }

  /** @param plainVariables environment variables whose values are not secret */
  static of(plans: readonly StackPlan[], plainVariables: readonly string[]): Masks {
    const plain = new Set(plainVariables);
    const isPlain = (variable: string) => plain.has(variable);
    return new Masks(secretsIn(plans, isPlain), isPlain);
  }

  /** Whether a value is, contains, or looks like a secret. */
  hides(value: string): boolean {
    // Most resources of a plan contain the same few values.
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const hides = this.holds(value) || looksSecret(value);
    if (value.length <= 200 && this.known.size < 50_000) this.known.set(value, hides);
    return hides;
  }

  /** Whether a value is or contains a known secret. */
  holds(value: string): boolean {
    return (this.lengths.has(value.length) && this.whole.has(value)) || this.index.isIn(value);
  }

  /** The value, masked if required. */
  value(value: string): string {
    return this.hides(value) ? hidden : value;
  }

  /** Masks the secrets in a message. */
  message(text: string): string {
    // Thousands of changes have the same few messages.
    const known = this.messages.get(text);
    if (known !== undefined) return known;
    const masked = this.replaced(text);
    if (this.messages.size < 10_000) this.messages.set(text, masked);
    return masked;
  }

  private replaced(text: string): string {
    const replaced = this.index.isIn(text) ? text.replace(this.within, hidden) : text;
    return replaced
      .split(/(\s+)/)
      .map((word) => (this.whole.has(word) || looksSecret(word) ? hidden : word))
      .join("");
  }
}

/** Short words are masked only as whole values: "admin" is part of many names. */
function isDistinctive(secret: string): boolean {
  return secret.length >= 6 && !(secret.length < 9 && /^[a-z]+$/.test(secret));
}

/** Forms of a secret in other texts: JSON, URL, base64 at any offset, hexadecimal, and its hashes. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The characters at both ends also depend on the adjacent text.
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
    ...hashes.flatMap((hash) => {
      const digest = createHash(hash).update(bytes).digest();
      return [digest.toString("hex"), digest.toString("base64")];
    }),
  ];
}

/** Providers compute these hashes of contents, without flagging them. */
const hashes = ["md5", "sha1", "sha256", "sha512"];

/** Replaces lone surrogates, which cannot be encoded in a URL. */
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.replace(loneSurrogate, "\ufffd"));
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
