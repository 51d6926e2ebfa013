import { Command, CommanderError, Option } from "commander";
import { loadCatalog } from "../catalog";
import { specFromJson, type DatasetSpec } from "../dataset";
import { Cleanups } from "./cleanups";
import { CloudClients } from "./cloud/clients";
import { cloudEndpoints, cloudSettings, type CloudSettings } from "./cloud/settings";
import type { DatabaseRequest } from "./destinations";
import { asFailure, Failure } from "./failure";
import { Home } from "./home";
import { keepDatabase } from "./keep-database";
import { BucketLake } from "./lake/bucket-lake";
import { FolderLake } from "./lake/folder-lake";
import type { Lake } from "./lake/lake";
import type { RunSummary } from "./records";
import { jsonLines } from "./report/json-lines";
import type { Reporter } from "./report/reporter";
import { runTable, statusTable } from "./report/tables";
import { terminal } from "./report/terminal";
import { requestedPeriods } from "./request";
import { failed, newRunId, run, type RunRequest, type RunResult } from "./run";
import { periodStatuses } from "./status";

interface RunOptions {
  readonly dataset?: string;
  readonly period?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly home: string;
  readonly database?: string | boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface StatusOptions {
  readonly dataset?: string;
  readonly home: string;
  readonly json?: boolean;
}

const exitCodesHelp = `
Exit codes:
  0  done (also when nothing had changed)
  1  usage or permanent error: running again ends the same way
  2  retryable: network, database or disk; run again
  3  integrity: bytes or counts are not what they should be
  4  schema drift: the source does not fit the data set's specification

In the cloud the environment says where things are:
  DATASET_SPEC          the data set's specification, as JSON
  LAKE_BUCKET           the lake's bucket; status reads it too
  WAREHOUSE_PROJECT, WAREHOUSE_DATASET, WAREHOUSE_LOCATION
                        the BigQuery dataset that holds a table for each data set
  DATABASE_INSTANCE, DATABASE_NAME, DATABASE_USER
                        a Cloud SQL database, logged in to by IAM (optional)
  STORAGE_API_ENDPOINT, BIGQUERY_API_ENDPOINT, SQLADMIN_API_ENDPOINT
                        private addresses of Google's APIs (optional)`;

/**
 * The ingest program.
 *
 * @param argv arguments without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("ingest")
    .description("Ingests periods of data sets into lake, warehouse and database.")
    .addHelpText("after", exitCodesHelp)
    .exitOverride();

  program
    .command("run")
    .description("ingest one or more periods of a data set")
    .option("--dataset <id>", "data set of the catalog (default: the specification in DATASET_SPEC)")
    .option("--period <period>", "a period, 2019-01; can be repeated", collect)
    .option("--from <period>", "first period of a range")
    .option("--to <period>", "last period of a range")
    .addOption(
      new Option("--source <address>", "URL or path to read instead, with {period} {year} {month} {day}").env(
        "SOURCE_URL",
      ),
    )
    .option("--home <folder>", "folder of lake, warehouse and database", ".tributary")
    .option("--database <url>", "a Postgres to load instead of the embedded one, postgres://...")
    .option("--no-database", "leave the database out")
    .option("--force", "do every step again, even when nothing has changed")
    .option("--json", "print the result as JSON on the last line of standard output")
    .action(async (options: RunOptions) => {
      exitCode = await runCommand(options);
    });

  program
    .command("status")
    .description("show what has been ingested")
    .option("--dataset <id>", "only this data set")
    .option("--home <folder>", "folder of lake, warehouse and database", ".tributary")
    .option("--json", "print JSON")
    .action(async (options: StatusOptions) => {
      await statusCommand(options);
    });

  program
    .command("database")
    .description("start the embedded Postgres, print its URL, and keep it until Ctrl-C")
    .option("--home <folder>", "folder of lake, warehouse and database", ".tributary")
    .action(async ({ home }: Pick<StatusOptions, "home">) => {
      await keepDatabase(new Home(home), (text) => process.stdout.write(text));
    });

  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    // Help and usage errors have been printed by the parser itself.
    if (error instanceof CommanderError) return error.exitCode;
    const failure = asFailure(error);
    process.stderr.write(`${failure.message}\n`);
    return failure.exitCode;
  }
  return exitCode;
}

async function runCommand(options: RunOptions): Promise<number> {
  const reporter = process.stderr.isTTY ? terminal(process.stderr) : jsonLines();
  const { summary, failure } = await resultOf(options, reporter);
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
async function resultOf(options: RunOptions, reporter: Reporter): Promise<RunResult> {
  let request: RunRequest;
  try {
    request = requestOf(options);
  } catch (error) {
    return failed(newRunId(), options.dataset ?? "", [], asFailure(error));
  }
  return stoppable((cleanups) => run(request, reporter, cleanups), reporter);
}

/** @throws Failure permanent when the data set or the periods are not known */
function requestOf(options: RunOptions): RunRequest {
  const cloud = cloudSettings(process.env);
  if (cloud === undefined) refuseCloudRun();
  const spec = specOf(options.dataset);
  return {
    spec,
    periods: requestedPeriods(spec, options, new Date()),
    ...(options.source !== undefined && { source: options.source }),
    home: new Home(options.home),
    ...(cloud !== undefined && { cloud }),
    endpoints: cloudEndpoints(process.env),
    database: databaseOf(options, cloud),
    force: options.force ?? false,
  };
}

function databaseOf({ database }: RunOptions, cloud: CloudSettings | undefined): DatabaseRequest {
  if (database === false) return { kind: "none" };
  if (typeof database === "string") return { kind: "url", url: database };
  if (cloud === undefined) return { kind: "embedded" };
  return cloud.database === undefined ? { kind: "none" } : { kind: "cloud-sql", settings: cloud.database };
}

function print(summary: RunSummary, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (summary.periods.length > 0) process.stdout.write(`${runTable(summary)}\n`);
}

async function statusCommand(options: StatusOptions): Promise<void> {
  const specs = options.dataset === undefined ? [...loadCatalog().values()] : [specOf(options.dataset)];
  const lake = await lakeOf(options);
  const found = await periodStatuses(lake, specs);
  process.stdout.write(`${options.json === true ? JSON.stringify(found) : statusTable(found, lake.name)}\n`);
}

async function lakeOf({ home }: StatusOptions): Promise<Lake> {
  const bucket = process.env["LAKE_BUCKET"];
  if (!bucket) return new FolderLake(new Home(home).lake);
  return BucketLake.open(await new CloudClients(cloudEndpoints(process.env)).storage(), bucket);
}

/** In a Cloud Run job the home folder is memory that ends with the task: loaded there, everything would be lost. */
function refuseCloudRun(): void {
  if (process.env["CLOUD_RUN_JOB"] === undefined) return;
  throw new Failure(
    "permanent",
    "as a Cloud Run job this needs LAKE_BUCKET, WAREHOUSE_PROJECT, WAREHOUSE_DATASET and WAREHOUSE_LOCATION in its " +
      "environment, as the ingestion stack sets them: what it wrote to folders here would be lost when it ends",
  );
}

/** From the catalog beside the program, or, in the cloud, from the job's environment. */
function specOf(dataset: string | undefined): DatasetSpec {
  const json = process.env["DATASET_SPEC"];
  if (json !== undefined && json !== "") {
    const spec = specFromJson(json);
    if (dataset === undefined || dataset === spec.id) return spec;
    throw new Failure("permanent", `DATASET_SPEC holds the data set ${spec.id}, not ${dataset}`);
  }
  const catalog = loadCatalog();
  const ids = [...catalog.keys()].join(", ");
  if (dataset === undefined)
    throw new Failure("permanent", `say which data set: --dataset <id>, one of ${ids}`);
  const spec = catalog.get(dataset);
  if (spec === undefined)
    throw new Failure("permanent", `there is no data set "${dataset}"; there are ${ids}`);
  return spec;
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
    process.stderr.write(`stopped by ${signal}; run the same command again to go on\n`);
    void cleanups.run().finally(() => process.exit(signals[signal]));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(cleanups);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
