import { type DatasetSpec, Period, periodOption, runSubcommand, specToJson } from "../dataset";
import { messageOf } from "../errors/thrown";
import { readRunSummary, type RunSummary } from "../job/run-summary";
import { runCommand } from "./child";
import { TourFailure } from "./failure";

/** What to ingest: the options of the ingest command. */
export interface IngestRequest {
  /** The data set. It need not be in catalog/. */
  readonly spec: DatasetSpec;
  /** First and last period. @default - `once`, for a data set that is ingested as a whole */
  readonly periods?: { readonly from: string; readonly to: string };
  /** URL with placeholders for the period. */
  readonly source: string;
  readonly home: string;
}

/**
 * Runs the ingest command in a separate process and parses the summary that it prints.
 *
 * @throws TourFailure with the command's exit code when it failed
 */
export async function ingest({ spec, periods, source, home }: IngestRequest): Promise<RunSummary> {
  const dataset = spec.id;
  const range = periods ? ["--from", periods.from, "--to", periods.to] : [periodOption, Period.once.label];
  const args = [runSubcommand, "--dataset", dataset, ...range, "--source", source, "--home", home, "--json"];
  const { exitCode, lines } = await runCommand("job/main.ts", args, { DATASET_SPEC: specToJson(spec) });
  if (exitCode > 128)
    throw new TourFailure(
      `interrupted while ingesting ${dataset}; run the command again to continue`,
      exitCode,
    );
  if (exitCode !== 0) {
    throw new TourFailure(
      `ingesting ${dataset} failed with exit code ${exitCode}; see the error above. ` +
        `To run this step alone: npm run ingest -- ${args.join(" ")}`,
      exitCode,
    );
  }
  return readSummary(lines.at(-1) ?? "");
}

/** @throws TourFailure when the line is not a valid summary */
export function readSummary(line: string): RunSummary {
  try {
    return readRunSummary(line);
  } catch (error) {
    throw new TourFailure(`the last line of the ingest command is not a run summary: ${messageOf(error)}`, 1);
  }
}
