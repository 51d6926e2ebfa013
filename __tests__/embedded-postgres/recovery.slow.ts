/** What creates clusters, kills servers and their owners, or runs as another account. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { testUnless } from "../support/unless";
import {
  child,
  cleanUp,
  end,
  kill,
  killLater,
  newFolder,
  postmaster,
  project,
  query,
  ready,
  removeLater,
  spawnChild,
  start,
  startChild,
} from "./support";

const isRoot = process.geteuid?.() === 0;
const unprivileged = { uid: 65534, gid: 65534 };

afterEach(cleanUp);

test("server of the embedded Postgres is shared by processes that start it at the same time, and stops with the last one", async () => {
  const folder = await newFolder();
  const [one, two] = await Promise.all([startChild(folder), startChild(folder)]);
  expect(one.url).toBe(two.url);
  await end(one.process);
  expect(await query(two.url, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
  await end(two.process);
  await expect(query(two.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
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
    killLater(unrelated);
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
      removeLater(outside);
      expect(existsSync(join(outside, "cluster/data"))).toBe(true);

      const second = await start(folder);
      await query(second.url, "SELECT FROM kept");
      await second.stop();

      await rm(folder, { recursive: true });
      const third = await start(folder);
      removeLater(readlinkSync(join(folder, "elsewhere")));
      await expect(query(third.url, "SELECT FROM kept")).rejects.toThrow(/does not exist/);
      expect(existsSync(outside)).toBe(false);
    },
  );
});

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
