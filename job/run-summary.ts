import * as z from "zod/mini";
import { stepNames } from "./records";

/** What `ingest run --json` prints on its last line: the program's interface for other programs. */

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
    /** Null when the run was told to leave the database out. */
    database: z.nullable(count),
  }),
  /** How many rows this run has rejected for which reason, most first; absent when it has rejected none. */
  rejects: z.optional(
    z.readonly(z.array(z.strictObject({ column: z.nullable(z.string()), rule: z.string(), rows: count }))),
  ),
  /** As in the manifest's record of the source. */
  source: z.strictObject({ url: z.string(), bytes: count, sha256: z.string() }),
  /** How long each step took. */
  seconds: z.record(z.enum(stepNames), count),
});

const runSummary = z.strictObject({
  run: z.string(),
  dataset: z.string(),
  periods: z.readonly(z.array(periodSummary)),
  /** Why the run stopped; the periods before it are done. */
  error: z.optional(z.strictObject({ kind: z.string(), exitCode: z.int(), message: z.string() })),
});

/** What the command prints of one period. */
export type PeriodSummary = Readonly<z.infer<typeof periodSummary>>;

/** What the command prints of the whole run. */
export type RunSummary = Readonly<z.infer<typeof runSummary>>;

/**
 * Reads the line that the command printed.
 *
 * @throws Error when it is not a run summary
 */
export function readRunSummary(line: string): RunSummary {
  return runSummary.parse(JSON.parse(line));
}
