import { Raised } from "./errors";
import type { WorkflowValue as Value } from "../../../constructs/workflow-source";

/** Something that takes time: it yields the seconds that it waits. */
export type Waiting<T> = Generator<number, T, void>;

/** A branch or iteration of a parallel step. */
export interface Branch {
  readonly id: string;
  readonly start: () => Waiting<void>;
}

/**
 * Runs branches at the same simulated time, at most `limit` at once; the others wait for their turn. An error ends only
 * its own branch: `continueAll` is the default and only exception policy.
 * https://cloud.google.com/workflows/docs/reference/syntax/parallel-steps
 *
 * Branches take turns where they wait. Between waits a branch runs alone, so that an assignment such as
 * `total: ${total + 1}` loses no update, as in
 * https://cloud.google.com/workflows/docs/samples/workflows-parallel-iteration.
 *
 * @returns the errors of the branches that failed
 */
export function* inParallel(
  branches: readonly Branch[],
  limit: number,
  now: () => number,
): Waiting<readonly { readonly id: string; readonly error: Value }[]> {
  const queue = [...branches];
  const running: { readonly id: string; readonly program: Waiting<void>; readonly wake: number }[] = [];
  const errors: { readonly id: string; readonly error: Value }[] = [];
  for (;;) {
    for (const { id, start } of queue.splice(0, limit - running.length)) {
      running.push({ id, program: start(), wake: now() });
    }
    const next = running.reduce<(typeof running)[number] | undefined>(
      (first, one) => (first === undefined || one.wake < first.wake ? one : first),
      undefined,
    );
    if (next === undefined) return errors;
    if (next.wake > now()) yield next.wake - now();
    running.splice(running.indexOf(next), 1);
    try {
      const step = next.program.next();
      // To the end: of those that wake at the same moment, the others are next.
      if (step.done !== true) running.push({ ...next, wake: now() + step.value });
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      errors.push({ id: next.id, error: error.value });
    }
  }
}
