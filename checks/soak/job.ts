import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../../embedded-postgres";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A signal to the job, milliseconds after its start. */
export interface Interruption {
  readonly signal: "SIGKILL" | "SIGTERM";
  readonly after: number;
}

/**
 * Runs the job with yellow taxi trips.
 *
 * @param interruption @default - the job runs to its end
 */
export function runJob(args: readonly string[], interruption?: Interruption): Promise<Ended> {
  const all = ["scripts/run.mjs", "job/main.ts", "run", "--dataset", "yellow_tripdata", ...args, "--json"];
  const child = spawn(process.execPath, all, { stdio: ["ignore", "pipe", "pipe"] });
  const timer =
    interruption === undefined
      ? undefined
      : setTimeout(() => {
          child.kill(interruption.signal);
        }, interruption.after);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** Content of a home: hashes of its Parquet files, and of the rows of both tables, independent of their order. */
export async function contentsOf(home: string): Promise<string> {
  const lake = join(home, "lake/raw");
  const files = readdirSync(lake, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(lake, name)))
          .digest("hex")}`,
    );
  return [...files, await warehouseOf(home), await databaseOf(home)].join("\n");
}

async function warehouseOf(home: string): Promise<string> {
  const instance = await DuckDBInstance.create(join(home, "warehouse.duckdb"), { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    "SELECT _period, count(*), sum(CAST(hash(t) AS HUGEINT)) FROM raw.yellow_tripdata AS t GROUP BY 1 ORDER BY 1",
  );
  const rows = JSON.stringify(reader.getRowsJson());
  connection.closeSync();
  instance.closeSync();
  return rows;
}

async function databaseOf(home: string): Promise<string> {
  const server = await startEmbeddedPostgres(join(home, "postgres"));
  const client = new Client({ connectionString: server.url });
  try {
    await client.connect();
    const { rows } = await client.query({
      text: `SELECT _period::text, count(*), sum(CAST(hashtextextended(t::text, 0) AS numeric)) FROM raw.yellow_tripdata AS t GROUP BY 1
             UNION ALL SELECT relname, 0, 0 FROM pg_class WHERE relname LIKE '%staging%' ORDER BY 1`,
      rowMode: "array",
    });
    return JSON.stringify(rows);
  } finally {
    await client.end();
    await server.stop();
  }
}
