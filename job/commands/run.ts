import { type DatasetSpec, jobEnvironmentFrom, taskPlaceFrom, type Variables } from "../../dataset";
import { asFailure, Failure } from "../failure";
import { jsonLines } from "../report/json-lines";
import type { Reporter } from "../report/reporter";
import { dryTable, runTable } from "../report/tables";
import { terminal } from "../report/terminal";
import { requestedPeriods } from "../requested-periods";
import type { RunRequest } from "../run";
import { failed, newRunId, type RunResult } from "../run-result";
import { specOf } from "./dataset";
import { type SessionOptions, sessionRequest } from "./session-request";
import { stoppable } from "./stoppable";

export interface RunOptions extends SessionOptions {
  readonly dataset?: string;
  readonly period?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly force?: boolean;
  readonly allowShrink?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/**
 * `ingest run`: ingests periods and prints a summary.
 *
 * @returns the exit code
 */
export async function runIngest(options: RunOptions, variables: Variables): Promise<number> {
  const reporter = process.stderr.isTTY ? terminal(process.stderr) : jsonLines();
  const { text, run, failure } =
    options.dryRun === true
      ? await dryText(options, variables, reporter)
      : await runText(options, variables, reporter);
  reporter.close();
  if (failure !== undefined) {
    // The JSON line is for the log, the plain one for a person who reads standard error.
    if (process.stderr.isTTY) reporter.failed(failure.message, {});
    else {
      reporter.failed(failure.message, { run, kind: failure.kind, exitCode: failure.exitCode });
      process.stderr.write(`${failure.message}\n`);
    }
  }
  if (text !== "") process.stdout.write(`${text}\n`);
  return failure?.exitCode ?? 0;
}

/** What a command prints at its end, and why it ended early. */
interface Ended {
  readonly text: string;
  readonly run: string;
  readonly failure: Failure | undefined;
}

async function runText(options: RunOptions, variables: Variables, reporter: Reporter): Promise<Ended> {
  const { summary, failure } = await resultOf(options, variables, reporter);
  const table = summary.periods.length > 0 ? runTable(summary) : "";
  return { text: options.json === true ? JSON.stringify(summary) : table, run: summary.run, failure };
}

async function dryText(options: RunOptions, variables: Variables, reporter: Reporter): Promise<Ended> {
  const run = newRunId();
  try {
    const request = await requestOf(run, options, variables);
    const { dryRun } = await import("../dry-run");
    const { summary, failure } = await dryRun(request, reporter);
    return { text: options.json === true ? JSON.stringify(summary) : dryTable(summary), run, failure };
  } catch (error) {
    return { text: "", run, failure: asFailure(error) };
  }
}

/** An invalid request ends like a failed run: with a summary. */
async function resultOf(options: RunOptions, variables: Variables, reporter: Reporter): Promise<RunResult> {
  const id = newRunId();
  let request: RunRequest;
  try {
    request = await requestOf(id, options, variables);
  } catch (error) {
    return failed(id, options.dataset ?? "", [], asFailure(error));
  }
  return stoppable(async (cleanups) => {
    reporter.started({
      run: id,
      dataset: request.spec.id,
      periods: request.periods.map(({ label }) => label),
    });
    // Loaded after the first line of the log: engine and clients take a moment.
    const { run } = await import("../run");
    return run(request, reporter, cleanups);
  }, reporter);
}

/** @throws Failure permanent when the data set does not exist or the periods are not valid */
async function requestOf(run: string, options: RunOptions, variables: Variables): Promise<RunRequest> {
  const environment = jobEnvironmentFrom(variables);
  const task = taskPlaceFrom(variables);
  const spec = await specOf(options.dataset, environment);
  refuseRetired(spec);
  const source = options.source ?? environment.source;
  return {
    run,
    spec,
    periods: requestedPeriods(spec, options, new Date(), task),
    ...(environment.taskMemoryGib !== undefined && { taskMemoryGib: environment.taskMemoryGib }),
    ...(task !== undefined && { execution: task.execution }),
    ...(source !== undefined && { source }),
    ...sessionRequest(options, environment, variables),
    force: options.force ?? false,
    allowShrink: options.allowShrink ?? false,
    replaceTables: options.replace ?? false,
  };
}

function refuseRetired({ id, retired }: DatasetSpec): void {
  if (retired !== true) return;
  throw new Failure(
    "permanent",
    `${id}: the data set is retired: its tables and files are kept, and nothing is ingested; to ingest it again, remove ` +
      "`retired` from its specification",
  );
}
