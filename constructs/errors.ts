import { Token } from "cdktf";
import type { IConstruct } from "constructs";

/** A construct was given invalid props. The message names the construct and lists every fault with its fix. */
export class ConstructError extends Error {
  override readonly name = "ConstructError";
  /** Path of the construct: `my-stack/lake`. */
  readonly path: string;
  /** Each reads `<prop>: <what was found and what to do>`. */
  readonly faults: readonly string[];

  constructor(construct: IConstruct, faults: readonly string[]) {
    const { path } = construct.node;
    super(`${construct.constructor.name} at ${path}:${faults.map((fault) => `\n  - ${fault}`).join("")}`);
    this.path = path;
    this.faults = faults;
  }
}

/** A fault, or nothing where a check passed. */
export type Fault = string | false | undefined;

/**
 * Throws one error that lists every fault once; does nothing if there is none.
 *
 * @throws ConstructError
 */
export function refuse(construct: IConstruct, faults: readonly Fault[]): void {
  const found = faults.filter((fault) => typeof fault === "string");
  if (found.length > 0) throw new ConstructError(construct, [...new Set(found)]);
}

/**
 * The fault of a text that does not have the required form. Values that Terraform computes later are not checked.
 *
 * @param required what the text must be: `12 digits`
 */
export function malformed(prop: string, value: string, form: RegExp, required: string): Fault {
  return !Token.isUnresolved(value) && !form.test(value) && `${prop}: "${value}" must be ${required}`;
}

/** The fault of a resource name, as most services of Google Cloud require it. */
export function malformedName(value: string): Fault {
  return malformed(
    "name",
    value,
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "1 to 63 lowercase letters, digits and hyphens, starting with a letter",
  );
}

/** The fault of a number that is not an integer in the range. */
export function notWhole(prop: string, value: number, least: number, most = Infinity): Fault {
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  return (
    !Token.isUnresolved(value) &&
    (!Number.isInteger(value) || value < least || value > most) &&
    `${prop}: ${value} must be an integer ${range}`
  );
}
