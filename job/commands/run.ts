import { type CloudSettings, jobEnvironmentFrom, jobVariables, type Variables } from "../../dataset";
import { Cleanups } from "../cleanups";
import type { DatabaseRequest } from "../destinations";
import { asFailure, Failure } from "../failure";
import { Home } from "../home";
import type { RunSummary } from "../run-summary";
import { jsonLines } from "../report/json-lines";
import type { Reporter } from "../report/reporter";
import { runTable } from "../report/tables";
import { terminal } from "../report/terminal";
import { requestedPeriods } from "../requested-periods";
import { failed, newRunId, run, type RunRequest, type RunResult } from "../run";
import { specOf } from "./dataset";

export interface RunOptions {
  readonly dataset?: string;
  readonly period?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly home: string;
  readonly database?: string | boolean;
  readonly force?: boolean;
  readonly allowShrink?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
}

/**
 * `ingest run`: ingests periods and prints what became of them.
 *
 * @returns the exit code
 */
export async function runIngest(options: RunOptions, variables: Variables): Promise<number> {
  const reporter = process.stderr.isTTY ? terminal(process.stderr) : jsonLines();
  const { summary, failure } = await resultOf(options, variables, reporter);
  reporter.close();
  if (failure !== undefined) {
    // The log has the line too; a person reads standard error.
    if (process.stderr.isTTY) reporter.failed(failure.message, {});
    else {
      reporter.failed(failure.message, { run: summary.run, kind: failure.kind, exitCode: failure.exitCode });
      process.stderr.write(`${failure.message}\n`);
    }
  }
  print(summary, options.json ?? false);
  return failure?.exitCode ?? 0;
}

/** A request that cannot be met ends as a run that fails does: with a summary. */
async function resultOf(options: RunOptions, variables: Variables, reporter: Reporter): Promise<RunResult> {
  let request: RunRequest;
  try {
    request = requestOf(options, variables);
  } catch (error) {
    return failed(newRunId(), options.dataset ?? "", [], asFailure(error));
  }
  return stoppable((cleanups) => run(request, reporter, cleanups), reporter);
}

/** @throws Failure permanent when the data set or the periods are not known */
function requestOf(options: RunOptions, variables: Variables): RunRequest {
  const environment = jobEnvironmentFrom(variables);
  const { cloud } = environment;
  if (cloud === undefined) refuseCloudRun(variables);
  const spec = specOf(options.dataset, environment.spec);
  const source = options.source ?? environment.source;
  return {
    spec,
    periods: requestedPeriods(spec, options, new Date()),
    ...(source !== undefined && { source }),
    home: new Home(options.home),
    ...(cloud !== undefined && { cloud }),
    endpoints: environment.endpoints ?? {},
    database: databaseOf(options, cloud),
    force: options.force ?? false,
    allowShrink: options.allowShrink ?? false,
    replaceTables: options.replace ?? false,
  };
}

function databaseOf({ database }: RunOptions, cloud: CloudSettings | undefined): DatabaseRequest {
  if (database === false) return { kind: "none" };
  if (typeof database === "string") return { kind: "url", url: database };
  if (cloud === undefined) return { kind: "embedded" };
  return cloud.database === undefined ? { kind: "none" } : { kind: "cloud-sql", settings: cloud.database };
}

/** In a Cloud Run job the home folder is memory that ends with the task: loaded there, everything would be lost. */
function refuseCloudRun(variables: Variables): void {
  if (variables["CLOUD_RUN_JOB"] === undefined) return;
  throw new Failure(
    "permanent",
    `a Cloud Run job needs ${Object.keys(jobVariables.cloud).join(", ")} in its environment, as the ingestion stack ` +
      "sets them: files written to folders of the task are lost when it ends",
  );
}

function print(summary: RunSummary, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (summary.periods.length > 0) process.stdout.write(`${runTable(summary)}\n`);
}

/** Runs `work` so that a signal stops what it has started before the process ends. */
async function stoppable<Result>(
  work: (cleanups: Cleanups) => Promise<Result>,
  reporter: Reporter,
): Promise<Result> {
  const cleanups = new Cleanups();
  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const stop = (signal: keyof typeof signals) => {
    reporter.close();
    process.stderr.write(`stopped by ${signal}; run the same command again to continue\n`);
    void cleanups.run().finally(() => process.exit(signals[signal]));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(cleanups);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
