import type { WorkflowValue as Value } from "../../../constructs/workflow-source";

/** Kinds of errors. https://cloud.google.com/workflows/docs/reference/syntax/error-types#error-tags */
export type Tag =
  | "ConnectionError"
  | "ConnectionFailedError"
  | "HttpError"
  | "IndexError"
  | "KeyError"
  | "ParallelNestingError"
  | "RecursionError"
  | "ResourceLimitError"
  | "TimeoutError"
  | "TypeError"
  | "UnhandledBranchError"
  | "ValueError"
  | "ZeroDivisionError";

/** An error that a program can catch. What a deployment would reject is a plain `Error`. */
export class Raised extends Error {
  constructor(readonly value: Value) {
    super(JSON.stringify(value));
  }
}

/** An error of the service. https://cloud.google.com/workflows/docs/reference/syntax/error-types#error-maps */
export function raised(tag: Tag, message: string): Raised {
  return new Raised({ message, tags: [tag] });
}

/**
 * The error of a response with status 400 or above, with the keys that
 * https://cloud.google.com/workflows/docs/reference/syntax/catching-errors lists.
 */
export function httpError(code: number, message: string, body: Value = null): Raised {
  return new Raised({ tags: ["HttpError"], message, code, headers: {}, body });
}
