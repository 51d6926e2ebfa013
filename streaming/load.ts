import { join } from "node:path";
import rides from "./catalog/rides";
import { ridesModels } from "./catalog/models";
import { exitCodes, type FailureKind, periodOption, runSubcommand, specToJson } from "../dataset";
import type { Cleanups } from "../job/cleanups";
import { openEngine } from "../job/engine/engine";
import { Failure } from "../job/failure";
import type { Home } from "../job/home";
import { readRunSummary, type RunSummary } from "../job/run-summary";
import { quotedName } from "../job/warehouse/duckdb-schema";
import { runProgram } from "../programs/program";

/** Folder of the stream in the lake of a home. */
export function streamFolder(home: Home): string {
  return join(home.lake, "streams", rides.id);
}

/**
 * Loads days of arrival into lake, warehouse and database, with the ingest program: its steps, its records and its
 * guarantees are those of every other data set. A day that has not changed is skipped.
 *
 * @throws Failure with the exit code of the ingest program
 */
export async function loadDays(
  home: Home,
  days: readonly string[],
  hasDatabase: boolean,
  cleanups?: Cleanups,
): Promise<RunSummary> {
  const args = [
    ...["scripts/run.mjs", "job/main.ts", runSubcommand, periodOption, days.join(","), "--home", home.folder],
    ...["--source", join(streamFolder(home), "days", `${rides.id}_{period}.parquet`), "--json"],
    ...(hasDatabase ? [] : ["--no-database"]),
  ];
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, {
    env: { ...process.env, DATASET_SPEC: specToJson(rides) },
    onStart: (child) =>
      cleanups?.add(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGTERM");
        await new Promise((closed) => child.once("close", closed));
      }),
  });
  if (exitCode === 0) return readRunSummary(stdout.trim().split("\n").at(-1) ?? "");
  const kinds: readonly FailureKind[] = ["retryable", "integrity", "drift"];
  const kind = kinds.find((each) => exitCodes[each].code === exitCode) ?? "permanent";
  throw new Failure(kind, stderr.trim().split("\n").at(-1) ?? `loading failed with exit code ${exitCode}`);
}

/** Creates the models over the rides, as views in the warehouse. */
export async function createModels(home: Home, waiting: (holder: string) => void): Promise<void> {
  const engine = await openEngine(home.warehouse, waiting);
  try {
    await engine.connection.run("CREATE SCHEMA IF NOT EXISTS core");
    for (const { name, sql } of ridesModels) {
      const query = sql(quotedName(rides), (column) => `date_trunc('minute', ${column})`);
      await engine.connection.run(`CREATE OR REPLACE VIEW core.${name} AS ${query}`);
    }
  } finally {
    engine.close();
  }
}
