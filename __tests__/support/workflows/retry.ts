import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { asNumber, isList, isMap } from "./values";

/** How often and after which pauses a `try` block is executed again. */
export interface RetryPolicy {
  /** Whether an error is retried: a predicate of the library, or the name of a subworkflow that takes the error. */
  readonly predicate: Predicate | { readonly subworkflow: string };
  /** Executions after the first one. */
  readonly maxRetries: number;
  readonly backoff: Backoff;
}

export type Predicate = (error: Value) => boolean;

/** Seconds before the first retry, the most before any, and the factor from one to the next. */
interface Backoff {
  readonly initialDelay: number;
  readonly maxDelay: number;
  readonly multiplier: number;
}

/**
 * The policy of a `retry` field: one of the library, or a predicate with all the other settings.
 * https://cloud.google.com/workflows/docs/reference/syntax/retrying
 *
 * @throws Error when it is neither, which a deployment rejects
 */
export function retryPolicy(retry: Value, subworkflows: readonly string[]): RetryPolicy {
  if (typeof retry === "string") {
    const found = policies[retry];
    if (found === undefined) throw new Error(`${retry} is not a retry policy`);
    return found;
  }
  if (!isMap(retry) || typeof retry.predicate !== "string")
    throw new Error(`a retry policy needs a predicate: ${JSON.stringify(retry)}`);
  const name = /^\$\{([\w.]+)\}$/.exec(retry.predicate)?.[1] ?? "";
  const predicate = predicates[name] ?? (subworkflows.includes(name) ? { subworkflow: name } : undefined);
  if (predicate === undefined) throw new Error(`${retry.predicate} is not a retry predicate`);
  return { predicate, maxRetries: numberIn(retry, "max_retries"), backoff: backoffOf(retry.backoff) };
}

/**
 * Seconds before a retry, counted from 0: "the delays between subsequent attempts are: 1, 2, 4, 8, 16, 32, 60, and 60".
 * https://cloud.google.com/workflows/docs/reference/syntax/retrying
 */
export function delay({ initialDelay, maxDelay, multiplier }: Backoff, retry: number): number {
  return Math.min(initialDelay * multiplier ** retry, maxDelay);
}

/** https://cloud.google.com/workflows/docs/reference/stdlib/retry/default_backoff */
const defaultBackoff: Backoff = { initialDelay: 1, maxDelay: 60, multiplier: 1.25 };

/**
 * https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry_predicate and
 * https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry_predicate_non_idempotent
 */
const predicates: Readonly<Record<string, Predicate>> = {
  "http.default_retry_predicate": (error) =>
    hasCode(error, [429, 502, 503, 504]) ||
    hasTag(error, ["ConnectionError", "ConnectionFailedError", "TimeoutError"]),
  "http.default_retry_predicate_non_idempotent": (error) =>
    hasCode(error, [429, 503]) || hasTag(error, ["ConnectionFailedError"]),
};

/**
 * https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry and
 * https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry_non_idempotent
 */
const policies: Readonly<Record<string, RetryPolicy>> = {
  "${http.default_retry}": withDefaults("http.default_retry_predicate"),
  "${http.default_retry_non_idempotent}": withDefaults("http.default_retry_predicate_non_idempotent"),
};

function withDefaults(name: string): RetryPolicy {
  return { predicate: predicates[name] ?? (() => false), maxRetries: 5, backoff: defaultBackoff };
}

function backoffOf(value: Value | undefined): Backoff {
  if (value === "${retry.default_backoff}") return defaultBackoff;
  if (!isMap(value)) throw new Error(`a retry policy needs a backoff: ${JSON.stringify(value ?? null)}`);
  return {
    initialDelay: numberIn(value, "initial_delay"),
    maxDelay: numberIn(value, "max_delay"),
    multiplier: numberIn(value, "multiplier"),
  };
}

function numberIn(map: { readonly [key: string]: Value }, key: string): number {
  if (!(key in map)) throw new Error(`a retry policy needs ${key}: ${JSON.stringify(map)}`);
  return asNumber(map[key]);
}

/** Only the error of a response has a status: a program may raise a map with a code of its own meaning. */
function hasCode(error: Value, codes: readonly number[]): boolean {
  return isMap(error) && hasTag(error, ["HttpError"]) && codes.some((code) => code === error.code);
}

function hasTag(error: Value, tags: readonly string[]): boolean {
  const { tags: found } = isMap(error) ? error : { tags: null };
  return isList(found) && found.some((tag) => typeof tag === "string" && tags.includes(tag));
}
