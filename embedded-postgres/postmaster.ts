import { execFile } from "node:child_process";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAlive } from "./atomic-folder";

/** State of a data directory's server: the content of `postmaster.pid`, compared with the running processes. */
export type Postmaster =
  /** No server. If the file exists, its process is dead, and Postgres removes the file itself. */
  | { readonly state: "none" }
  | { readonly state: "running"; readonly pid: number; readonly port: number }
  /** No server, but another process reuses its process id: Postgres would not start. */
  | { readonly state: "reused"; readonly pid: number };

export async function findPostmaster(data: string): Promise<Postmaster> {
  const text = await readFile(pidFile(data), "utf8").catch(() => "");
  // https://www.postgresql.org/docs/18/storage-file-layout.html: pid, data directory, start time, port, ...
  const [pid, , , port] = text.split("\n").map(Number);
  if (pid === undefined || port === undefined || !isAlive(pid)) return { state: "none" };
  switch (await ownerOf(pid, data)) {
    case "ours":
      return { state: "running", pid, port };
    case "other":
      return { state: "reused", pid };
    case "unknown":
      return { state: "none" };
  }
}

/** Removes the file of a dead server, if it still contains that process id. */
export async function removePidFile(data: string, pid: number): Promise<void> {
  const text = await readFile(pidFile(data), "utf8").catch(() => "");
  if (Number(text.split("\n")[0]) === pid) await rm(pidFile(data), { force: true });
}

function pidFile(data: string): string {
  return join(data, "postmaster.pid");
}

/** Whether a process is the server of this data directory. `other` only if that is certain. */
async function ownerOf(pid: number, data: string): Promise<"ours" | "other" | "unknown"> {
  switch (process.platform) {
    case "linux":
      return workingFolderIs(pid, data);
    case "win32":
      return "ours";
    default:
      return (await commandLine(pid)).includes(data) ? "ours" : "unknown";
  }
}

/** A server's working directory is its data directory. Unlike its command line, that is correct after a move. */
async function workingFolderIs(pid: number, data: string): Promise<"ours" | "other" | "unknown"> {
  const cwd = await stat(`/proc/${pid}/cwd`).catch(() => undefined);
  if (cwd === undefined) return "unknown";
  const { dev, ino } = await stat(data);
  return cwd.dev === dev && cwd.ino === ino ? "ours" : "other";
}

async function commandLine(pid: number): Promise<string> {
  const found = promisify(execFile)("ps", ["-o", "args=", "-p", String(pid)]);
  return found.then(
    ({ stdout }) => stdout,
    () => "",
  );
}
