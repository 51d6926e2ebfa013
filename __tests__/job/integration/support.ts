/** What the integration tests of the ingest job share: they run it as a user does, and look at what it left. */
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
/** Real files, where this project lies beside them. */
export const realData = join(project, "../shared/data");

/** How a run of the job ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output; throws when it is not what the README promises. */
  readonly summary: RunSummary;
}

/** A job that is running. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Resolves when standard output or standard error has matched, or the job has ended. */
  readonly said: (pattern: RegExp) => Promise<void>;
}

const cleanups: (() => unknown)[] = [];

/** Undoes what a test has made, the latest first. */
export async function cleanUp(): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
}

/** @param cleanup waited for when it returns a promise */
export function onCleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A new empty folder. Other accounts may pass through it, so that Postgres' data stay inside when root runs this. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-job-"));
  chmodSync(folder, 0o755);
  onCleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A home for a run that loads its Postgres, which need not be created first. */
export function newHome(): string {
  const home = newFolder();
  copyCluster(home);
  return home;
}

/** What Node is started with to run the job, and in which folder. */
export interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
}

/** What `npm run ingest` runs after it has bundled it; here jest's set-up has. */
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

/** What each file below a folder is: its bytes' hash and when it was written. */
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

/** Rows of a query on a DuckDB file; without one, on none: to read Parquet files. */
export async function duckdb(sql: string, file = ":memory:"): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(file, file === ":memory:" ? {} : { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
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

/** Rows of a query on a home's own Postgres, which runs for as long as it takes. */
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
 * What a home holds of yellow taxis: the hashes of its Parquet files, and per period the rows of warehouse and
 * database with sums over all of every row, equal whatever the order of rows.
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

/** What a home must not hold between runs: unfinished files, and running processes. */
export function leftovers(home: string): readonly string[] {
  const files = Object.keys(filesIn(home)).filter(
    (name) => !name.startsWith("postgres") && /^scratch|\.draft$|\.wal$|\.spill/.test(name),
  );
  const drafts = existsSync(join(home, "postgres"))
    ? readdirSync(join(home, "postgres")).filter((name) => name !== "cluster")
    : [];
  return [...files, ...drafts, ...processesIn(home)];
}

/** Where the running processes are that work below a folder: Postgres' working folder is its data. */
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

/** Serves HTTP on a free port of this machine; returns the URL, without a slash at the end. */
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
