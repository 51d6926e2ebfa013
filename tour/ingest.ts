import * as z from "zod/mini";
import type { RunSummary } from "../job/records";
import { runCommand } from "./child";
import { TourFailure } from "./failure";

/** What to ingest, as a user would say it on the command line. */
export interface IngestRequest {
  readonly dataset: string;
  /** First and last period. @default - the data set has only one, `once` */
  readonly periods?: { readonly from: string; readonly to: string };
  /** URL with the command's placeholders. */
  readonly source: string;
  readonly home: string;
}

/**
 * Runs the ingest command in a process of its own and reads the summary it prints.
 *
 * @throws TourFailure with the command's exit code when it failed
 */
export async function ingest({ dataset, periods, source, home }: IngestRequest): Promise<RunSummary> {
  const range = periods ? ["--from", periods.from, "--to", periods.to] : ["--period", "once"];
  const args = ["run", "--dataset", dataset, ...range, "--source", source, "--home", home, "--json"];
  const { exitCode, lines } = await runCommand("job/main.ts", args);
  if (exitCode > 128)
    throw new TourFailure(`stopped while ingesting ${dataset}; start again to go on`, exitCode);
  if (exitCode !== 0) {
    throw new TourFailure(
      `ingesting ${dataset} stopped with exit code ${exitCode}; what went wrong is said above. ` +
        `Try it alone: npm run ingest -- ${args.join(" ")}`,
      exitCode,
    );
  }
  return readSummary(lines.at(-1) ?? "");
}

/** @throws TourFailure when the line is no summary */
export function readSummary(line: string): RunSummary {
  try {
    return summary.parse(JSON.parse(line));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TourFailure(`the last line the ingest command printed is no summary: ${reason}`, 1);
  }
}

const count = z.number();
const seconds = z.number();

const summary = z.object({
  run: z.string(),
  dataset: z.string(),
  periods: z.array(
    z.object({
      period: z.string(),
      changed: z.boolean(),
      rows: z.object({
        read: count,
        rejected: count,
        parquet: count,
        warehouse: count,
        database: z.nullable(count),
      }),
      source: z.object({ url: z.string(), bytes: count, sha256: z.string() }),
      seconds: z.object({
        extract: seconds,
        parquetize: seconds,
        publish: seconds,
        warehouse: seconds,
        database: seconds,
        verify: seconds,
      }),
    }),
  ),
});
