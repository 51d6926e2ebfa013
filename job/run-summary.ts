import * as z from "zod/mini";
import { stepNames } from "./records";

/** What `ingest run --json` prints on its last line: the interface for other programs. */

const count = z.number();

const periodSummary = z.strictObject({
  period: z.string(),
  /** Whether anything was written. */
  changed: z.boolean(),
  rows: z.strictObject({
    read: count,
    rejected: count,
    parquet: count,
    warehouse: count,
    /** Null when the run does not load the database. */
    database: z.nullable(count),
  }),
  /** The number of rows that this run rejected by reason, most frequent first; absent when there are none. */
  rejects: z.optional(
    z.readonly(z.array(z.strictObject({ column: z.nullable(z.string()), rule: z.string(), rows: count }))),
  ),
  /** As in the manifest. */
  source: z.strictObject({ url: z.string(), bytes: count, sha256: z.string() }),
  /** Duration of each step. */
  seconds: z.record(z.enum(stepNames), count),
});

const runSummary = z.strictObject({
  run: z.string(),
  dataset: z.string(),
  periods: z.readonly(z.array(periodSummary)),
  /** Why the run stopped, or, with --keep-going, why the first of several periods failed; those in `periods` are complete. */
  error: z.optional(z.strictObject({ kind: z.string(), exitCode: z.int(), message: z.string() })),
  /** The periods that failed in a run with --keep-going; absent when there are none. */
  failures: z.optional(
    z.readonly(
      z.array(
        z.strictObject({ period: z.string(), kind: z.string(), exitCode: z.int(), message: z.string() }),
      ),
    ),
  ),
});

/** Result of one period. */
export type PeriodSummary = Readonly<z.infer<typeof periodSummary>>;

/** Result of the run. */
export type RunSummary = Readonly<z.infer<typeof runSummary>>;

/**
 * Parses the line that the command prints.
 *
 * @throws Error when it is not a run summary
 */
export function readRunSummary(line: string): RunSummary {
  return runSummary.parse(JSON.parse(line));
}
