import { randomBytes } from "node:crypto";
import type { Failure } from "./failure";
import type { PeriodSummary, RunSummary } from "./run-summary";

/** The summary of a run, and the failure that ended it early. */
export interface RunResult {
  readonly summary: RunSummary;
  readonly failure?: Failure;
}

/** The result of a run that ended early. */
export function failed(
  run: string,
  dataset: string,
  periods: readonly PeriodSummary[],
  failure: Failure,
): RunResult {
  const { kind, exitCode, message } = failure;
  return { summary: { run, dataset, periods, error: { kind, exitCode, message } }, failure };
}

/** `20261121T101500Z-3fa9c1`: the start time and a random suffix. */
export function newRunId(): string {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return `${now}-${randomBytes(3).toString("hex")}`;
}
