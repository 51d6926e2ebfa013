import { Token } from "cdktf";
import type { IConstruct } from "constructs";

/** A construct was given something it cannot be made from. The message says which construct, what, and the fix. */
export class ConstructError extends Error {
  override readonly name = "ConstructError";
}

/**
 * Throws one error that lists every fault; does nothing when there is none. Each fault reads
 * `<prop>: <what was found>; <what to do>`.
 *
 * @throws ConstructError
 */
export function refuse(construct: IConstruct, faults: readonly (string | false | undefined)[]): void {
  const found = faults.filter((fault) => typeof fault === "string");
  if (found.length === 0) return;
  throw new ConstructError(
    `${construct.constructor.name} at ${construct.node.path}:${found.map((fault) => `\n  - ${fault}`).join("")}`,
  );
}

/** The fault of a text that has not the form it needs. What Terraform fills in later is not judged. */
export function malformed(prop: string, value: string, form: RegExp, words: string): string | false {
  return !Token.isUnresolved(value) && !form.test(value) && `${prop}: "${value}" must be ${words}`;
}
