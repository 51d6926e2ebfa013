/** Helpers of the integration tests of the ingest job, which run it as a user does and inspect its results. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import { readRunSummary, type RunSummary } from "../../../job/run-summary";
import { copyCluster } from "../../support/cluster-template";

export const project = join(__dirname, "../../..");
/** Folder of real files, next to this project, if it exists. */
export const realData = join(project, "../shared/data");

/** Result of a run of the job. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output; throws when it is not a run summary. */
  readonly summary: RunSummary;
}

/** A running job. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Resolves when standard output or standard error matches, or the job has ended. */
  readonly said: (pattern: RegExp) => Promise<void>;
}

const cleanups: (() => unknown)[] = [];

/** Runs the cleanups of a test, the latest first. */
export async function cleanUp(): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
}

/** @param cleanup if it returns a promise, it is awaited */
export function onCleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** Creates an empty folder. Other accounts can traverse it, so that Postgres' data stays inside if root runs the tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-job-"));
  chmodSync(folder, 0o755);
  onCleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A home with an embedded Postgres that has already been created. */
export function newHome(): string {
  const home = newFolder();
  copyCluster(home);
  return home;
}

/** Arguments of Node to run the job, and the working folder. */
export interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
}

/** The bundle that `npm run ingest` runs; jest's setup has created it. */
const ingestProgram: Program = { args: ["dist/job-main.cjs"], cwd: project };

/** Starts `npm run ingest -- <args>`. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program = ingestProgram,
): Running {
  const child = spawn(process.execPath, [...program.args, ...args], {
    cwd: program.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  onCleanUp(() => child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject).once("close", (code, signal) => {
      resolve({
        code,
        signal,
        stdout,
        stderr,
        get summary() {
          return readRunSummary(stdout.trimEnd().split("\n").at(-1) ?? "");
        },
      });
    });
  });
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (pattern.test(stdout) || pattern.test(stderr)) resolve();
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.once("close", () => {
        resolve();
      });
      look();
    });
  return { process: child, ended, said };
}

/** Runs the job with `--json` to its end. */
export function ingest(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome> {
  return start(["run", ...args, "--json"], env).ended;
}

/** Hash and modification time of each file below a folder. */
export function filesIn(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    names.map((path) => [
      relative(folder, path),
      `${sha256(readFileSync(path))} ${statSync(path, { bigint: true }).mtimeNs}`,
    ]),
  );
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Rows of a query on a DuckDB file; without a file, for queries of Parquet files. `before`: statements to run first. */
export async function duckdb(
  sql: string,
  file = ":memory:",
  before: readonly string[] = [],
): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(file, file === ":memory:" ? {} : { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    for (const statement of before) await connection.run(statement);
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson().map((row) => ({ ...row }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Rows of a query on a home's warehouse. */
export function warehouse(home: string, sql: string): Promise<Record<string, unknown>[]> {
  return duckdb(sql, join(home, "warehouse.duckdb"));
}

/** Rows of a query on a home's Postgres, which is started for the query. */
export async function database(home: string, sql: string): Promise<Record<string, unknown>[]> {
  const server = await startEmbeddedPostgres(join(home, "postgres"));
  try {
    return await postgres(server.url, sql);
  } finally {
    await server.stop();
  }
}

export async function postgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export interface Contents {
  readonly lake: unknown;
  readonly warehouse: unknown;
  readonly database?: unknown;
}

/**
 * Content of a home for yellow taxi trips: hashes of its Parquet files, and by period the number of rows in warehouse and
 * database with sums of hashes, which do not depend on the order.
 */
export async function contents(home: string): Promise<Contents> {
  const lake = Object.entries(filesIn(join(home, "lake")))
    .filter(([name]) => name.endsWith(".parquet"))
    .map(([name, facts]) => [name, facts.split(" ")[0]]);
  const rows = (hash: string) =>
    `SELECT CAST(_period AS varchar) AS period, CAST(count(*) AS integer) AS rows, CAST(sum(${hash}) AS varchar) AS hash
     FROM raw.yellow_tripdata AS t GROUP BY 1`;
  const staging =
    "SELECT relname, 0, 'there is a staging table' FROM pg_class WHERE relname LIKE '%staging%'";
  const inDatabase = `${rows("CAST(hashtextextended(t::text, 0) AS numeric)")} UNION ALL ${staging} ORDER BY 1`;
  return {
    lake,
    warehouse: await warehouse(home, `${rows("CAST(hash(t) AS hugeint)")} ORDER BY 1`),
    ...(existsSync(join(home, "postgres")) && { database: await database(home, inDatabase) }),
  };
}

/** What must not be left in a home between runs: temporary files and running processes. */
export function leftovers(home: string): readonly string[] {
  const files = Object.keys(filesIn(home)).filter(
    (name) => !name.startsWith("postgres") && /^scratch|\.draft$|\.wal$|\.spill/.test(name),
  );
  const drafts = existsSync(join(home, "postgres"))
    ? readdirSync(join(home, "postgres")).filter((name) => name !== "cluster")
    : [];
  return [...files, ...drafts, ...processesIn(home)];
}

/** Process IDs of the processes with a working folder below a folder: Postgres' working folder is its data. */
export function processesIn(folder: string): readonly string[] {
  if (process.platform !== "linux") {
    const pidFile = join(folder, "postgres/cluster/data/postmaster.pid");
    return existsSync(pidFile) ? [pidFile] : [];
  }
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

/** Serves HTTP on a free port of this machine; returns the URL without a trailing slash. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onCleanUp(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return `http://127.0.0.1:${address.port}`;
}
