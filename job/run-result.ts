import { randomBytes } from "node:crypto";
import { Failure } from "./failure";
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

/** A period that failed in a run that kept going. */
export interface FailedPeriod {
  readonly period: string;
  readonly failure: Failure;
}

/** The result of a run that kept going after some periods failed. Its failure is of the kind of the first of them. */
export function failedPeriods(
  run: string,
  dataset: string,
  periods: readonly PeriodSummary[],
  failures: readonly FailedPeriod[],
): RunResult {
  const [first] = failures;
  if (first === undefined) return { summary: { run, dataset, periods } };
  const labels = failures.map(({ period }) => period).join(", ");
  const failure =
    failures.length === 1
      ? first.failure
      : new Failure(
          first.failure.kind,
          `${dataset}: ${failures.length} periods failed: ${labels}; ${first.failure.message}`,
        );
  const { kind, exitCode, message } = failure;
  return {
    summary: {
      ...{ run, dataset, periods, error: { kind, exitCode, message } },
      failures: failures.map(({ period, failure: { kind: why, exitCode: code, message: text } }) => ({
        ...{ period, kind: why, exitCode: code, message: text },
      })),
    },
    failure,
  };
}

/** `20261121T101500Z-3fa9c1`: the start time and a random suffix. */
export function newRunId(): string {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return `${now}-${randomBytes(3).toString("hex")}`;
}
