import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../embedded-postgres";
import { copyCluster } from "../support/cluster-template";

export const project = join(__dirname, "../..");
export const child = "__tests__/embedded-postgres/embedded-postgres.child.ts";

const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];

/** Stops the servers and processes of a test, and removes its folders. */
export async function cleanUp(): Promise<void> {
  for (const process of children.splice(0)) process.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** @param folder removed when the test has ended */
export function removeLater(folder: string): void {
  folders.push(folder);
}

/** @param process killed when the test has ended */
export function killLater(process: ChildProcess): void {
  children.push(process);
}

/** A folder whose cluster has been created. */
export async function newCluster(): Promise<string> {
  const home = await newFolder();
  await chmod(home, 0o755);
  copyCluster(home);
  return join(home, "postgres");
}

export async function newFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "embedded-postgres-")));
  folders.push(folder);
  return folder;
}

export async function start(folder: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(folder);
  servers.push(server);
  return server;
}

export async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  // A killed server breaks the connection; the test checks for that separately.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export function postmaster(folder: string): number {
  return Number(readFileSync(join(folder, "cluster/data/postmaster.pid"), "utf8").split("\n")[0]);
}

export function spawnChild(folder: string) {
  const run = [join(project, "scripts/run.mjs"), child, folder];
  const process_ = spawn(process.execPath, run, { cwd: project, stdio: "pipe" });
  children.push(process_);
  return process_;
}

export function startChild(folder: string) {
  return ready(spawnChild(folder));
}

export async function ready(started: ReturnType<typeof spawnChild>) {
  children.push(started);
  let errors = "";
  started.stderr.on("data", (chunk) => (errors += String(chunk)));
  for await (const line of createInterface(started.stdout)) return { process: started, url: line };
  throw new Error(`the child did not start a server: ${errors}`);
}

export async function end(started: ReturnType<typeof spawnChild>): Promise<void> {
  const exit = once(started, "exit");
  started.stdin.end();
  expect(await exit).toEqual([0, null]);
}

export async function kill(started: ChildProcess): Promise<void> {
  const exit = once(started, "exit");
  started.kill("SIGKILL");
  await exit;
}
