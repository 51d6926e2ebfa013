import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { chown, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { testUnless } from "../support/unless";
import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from "../../embedded-postgres";

const project = join(__dirname, "../..");
const child = "__tests__/embedded-postgres/embedded-postgres.child.ts";
const isRoot = process.geteuid?.() === 0;
const unprivileged = { uid: 65534, gid: 65534 };

const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const process of children.splice(0)) process.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe("data of the embedded Postgres", () => {
  test("persists when the server is stopped and started again", async () => {
    const folder = await newFolder();
    const first = await start(folder);
    await query(first.url, "CREATE TABLE kept AS SELECT 42 AS n");
    await first.stop();
    await expect(query(first.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    const second = await start(folder);
    expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 42 }]);
    await second.stop();
    await second.stop();
  });

  test("is UTF-8 and sorted by bytes, with times in UTC, in Postgres 18", async () => {
    const { url } = await start(await newFolder());
    const [row] = await query(
      url,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
              'B' < 'a' AS bytes, upper('é') AS upper, current_setting('server_version_num')::int / 10000 AS major`,
    );
    expect(row).toEqual({ encoding: "UTF8", zone: "UTC", bytes: true, upper: "É", major: 18 });
  });

  test("is intact after the server was killed", async () => {
    const folder = await newFolder();
    const first = await start(folder);
    await query(first.url, "CREATE TABLE kept AS SELECT generate_series(1, 50000) AS n");
    process.kill(postmaster(folder), "SIGKILL");
    const second = await start(folder);
    expect(await query(second.url, "SELECT count(*)::int AS n FROM kept")).toEqual([{ n: 50000 }]);
  });

  test("of another major version is rejected with both versions and the folder", async () => {
    const folder = await newFolder();
    await (await start(folder)).stop();
    await writeFile(join(folder, "cluster/data/PG_VERSION"), "17\n");
    const message = await failure(folder);
    expect(message).toContain(join(folder, "cluster/data"));
    expect(message).toMatch(/created by Postgres 17, but version 18 is installed/);
  });
});

describe("server of the embedded Postgres", () => {
  test("requires its password and listens on the loopback address only", async () => {
    const folder = await newFolder();
    const { url } = await start(folder);
    const { hostname, password } = new URL(url);
    expect(hostname).toBe("127.0.0.1");
    await expect(query(url.replace(password, "guess"), "SELECT 1")).rejects.toThrow(/authentication/);
    expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    expect(await query(url, "SHOW unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
    expect(statSync(join(folder, "cluster/password")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "cluster/server.log"), "utf8")).not.toContain(password);
  });

  test("starts when port 5432 is in use", async () => {
    const taker = createServer();
    // If another program uses the port already, that works too.
    const settled = Promise.race([once(taker, "listening"), once(taker, "error")]);
    taker.listen(5432, "127.0.0.1");
    await settled;
    try {
      const { url } = await start(await newFolder());
      expect(await query(url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    } finally {
      taker.close();
    }
  });

  test("runs at the same time as that of another folder", async () => {
    const [one, two] = await Promise.all([newFolder(), newFolder()].map(async (f) => start(await f)));
    if (one === undefined || two === undefined) throw new Error("two were started");
    await query(one.url, "CREATE TABLE only_here ()");
    expect(await query(two.url, "SELECT to_regclass('only_here') AS found")).toEqual([{ found: null }]);
  });

  test("is shared by processes that start it at the same time, and stops with the last one", async () => {
    const folder = await newFolder();
    const [one, two] = await Promise.all([startChild(folder), startChild(folder)]);
    expect(one.url).toBe(two.url);
    await end(one.process);
    expect(await query(two.url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    await end(two.process);
    await expect(query(two.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("recovery of the embedded Postgres after a crash", () => {
  test("takes over a server whose owner was killed, and stops it", async () => {
    const folder = await newFolder();
    const owner = await startChild(folder);
    await query(owner.url, "CREATE TABLE kept ()");
    const pid = postmaster(folder);
    await kill(owner.process);
    const next = await start(folder);
    expect(postmaster(folder)).toBe(pid);
    await query(next.url, "SELECT FROM kept");
    await next.stop();
    expect(existsSync(join(folder, "cluster/data/postmaster.pid"))).toBe(false);
    await expect(query(next.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  test("removes a postmaster.pid whose process id is reused", async () => {
    const folder = await newFolder();
    const { pid, ...rest } = await leaveRunningAndKill(folder);
    // Run by the owner of the data: only then does Postgres consider it a running server.
    const { uid, gid } = statSync(join(folder, "cluster/data"));
    const unrelated = spawn("sleep", ["60"], { cwd: "/", stdio: "ignore", ...(isRoot && { uid, gid }) });
    children.push(unrelated);
    await writeFile(rest.file, rest.text.replace(String(pid), String(unrelated.pid)));
    const { url } = await start(folder);
    expect(await query(url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    expect(unrelated.exitCode ?? unrelated.signalCode).toBeNull();
  });

  test("ignores a postmaster.pid whose process no longer exists", async () => {
    const folder = await newFolder();
    await leaveRunningAndKill(folder);
    const { url } = await start(folder);
    expect(await query(url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
  });

  test("removes and recreates an incomplete cluster", async () => {
    const folder = await newFolder();
    const creating = spawnChild(folder);
    while (!readdirSync(folder).some((name) => existsSync(join(folder, name, "data/global")))) {
      await sleep(5);
    }
    const [draft = ""] = readdirSync(folder);
    expect(draft).toMatch(/^cluster\.\d+\./);
    await kill(creating);
    const { url } = await start(folder);
    expect(await query(url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    // The initdb of the killed process keeps running for a moment and may write there again.
    await sleep(1000);
    await start(folder);
    await (await start(folder)).stop();
    expect(readdirSync(folder)).toEqual(["cluster"]);
  });
});

describe("account of the embedded Postgres", () => {
  testUnless(reasonAgainstAnotherUser())("is the current user if that is not root", async () => {
    const folder = await newFolder();
    await chown(folder, unprivileged.uid, unprivileged.gid);
    // Bundled by the current user: the other user cannot write to dist/.
    await end((await startChild(await newFolder())).process);
    const file = join(project, "dist", child.replace(/\//g, "-").replace(/\.ts$/, ".cjs"));
    const { process: other, url } = await ready(
      spawn(process.execPath, [file, folder], { cwd: "/", stdio: "pipe", ...unprivileged }),
    );
    expect(await query(url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    expect(statSync(join(folder, "cluster/data")).uid).toBe(unprivileged.uid);
    await end(other);
    // Root does not change the owner of the data.
    const { url: rooted } = await start(folder);
    expect(await query(rooted, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
    expect(statSync(join(folder, "cluster/data")).uid).toBe(unprivileged.uid);
  });

  const notRoot = isRoot ? undefined : "only root runs the server as another account";
  testUnless(notRoot)(
    "cannot access a folder of root: the data is stored outside, and removed with the folder",
    async () => {
      const closed = await newFolder();
      expect(statSync(closed).mode & 0o777).toBe(0o700);
      const folder = join(closed, "home/postgres");
      const first = await start(folder);
      await query(first.url, "CREATE TABLE kept ()");
      await first.stop();
      const outside = readlinkSync(join(folder, "elsewhere"));
      folders.push(outside);
      expect(existsSync(join(outside, "cluster/data"))).toBe(true);

      const second = await start(folder);
      await query(second.url, "SELECT FROM kept");
      await second.stop();

      await rm(folder, { recursive: true });
      const third = await start(folder);
      folders.push(readlinkSync(join(folder, "elsewhere")));
      await expect(query(third.url, "SELECT FROM kept")).rejects.toThrow(/does not exist/);
      expect(existsSync(outside)).toBe(false);
    },
  );
});

test("startEmbeddedPostgres names a folder that cannot be used", async () => {
  const file = join(await newFolder(), "a-file");
  await writeFile(file, "");
  expect(await failure(file)).toMatch(/^Postgres in .*a-file cannot be used: .*EEXIST/);
});

async function newFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "embedded-postgres-")));
  folders.push(folder);
  return folder;
}

async function start(folder: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(folder);
  servers.push(server);
  return server;
}

async function failure(folder: string): Promise<string> {
  const error: unknown = await start(folder).catch((reason: unknown) => reason);
  if (!(error instanceof EmbeddedPostgresError)) throw new Error(`not rejected: ${String(error)}`);
  return error.message;
}

async function query(url: string, sql: string): Promise<unknown[]> {
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

function postmaster(folder: string): number {
  return Number(readFileSync(join(folder, "cluster/data/postmaster.pid"), "utf8").split("\n")[0]);
}

function spawnChild(folder: string) {
  const run = [join(project, "scripts/run.mjs"), child, folder];
  const process_ = spawn(process.execPath, run, { cwd: project, stdio: "pipe" });
  children.push(process_);
  return process_;
}

function startChild(folder: string) {
  return ready(spawnChild(folder));
}

async function ready(started: ReturnType<typeof spawnChild>) {
  children.push(started);
  let errors = "";
  started.stderr.on("data", (chunk) => (errors += String(chunk)));
  for await (const line of createInterface(started.stdout)) return { process: started, url: line };
  throw new Error(`the child did not start a server: ${errors}`);
}

async function end(started: ReturnType<typeof spawnChild>): Promise<void> {
  const exit = once(started, "exit");
  started.stdin.end();
  expect(await exit).toEqual([0, null]);
}

async function kill(started: ChildProcess): Promise<void> {
  const exit = once(started, "exit");
  started.kill("SIGKILL");
  await exit;
}

/** As after a power cut: the server is dead, its postmaster.pid is still there. */
async function leaveRunningAndKill(folder: string) {
  const owner = await startChild(folder);
  const file = join(folder, "cluster/data/postmaster.pid");
  const text = await readFile(file, "utf8");
  const pid = postmaster(folder);
  process.kill(pid, "SIGKILL");
  await kill(owner.process);
  expect(existsSync(file)).toBe(true);
  return { pid, file, text };
}

function reasonAgainstAnotherUser(): string | undefined {
  if (!isRoot) return "we are an ordinary user: the other tests show that";
  const read = ["-e", "require('fs').readFileSync(process.argv[1])", join(project, child)];
  const { status } = spawnSync(process.execPath, read, { cwd: "/", ...unprivileged });
  return status === 0 ? undefined : "another user cannot reach the project here";
}
