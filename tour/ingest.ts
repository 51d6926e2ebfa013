import { Period, periodOption, runSubcommand } from "../dataset";
import { messageOf } from "../errors/thrown";
import { readRunSummary, type RunSummary } from "../job/run-summary";
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
  const range = periods ? ["--from", periods.from, "--to", periods.to] : [periodOption, Period.once.label];
  const args = [runSubcommand, "--dataset", dataset, ...range, "--source", source, "--home", home, "--json"];
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
    return readRunSummary(line);
  } catch (error) {
    throw new TourFailure(`the last line of the ingest command is not a run summary: ${messageOf(error)}`, 1);
  }
}
