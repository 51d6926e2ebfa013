import { execFile } from "node:child_process";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAlive } from "./whole";

/** What the file `postmaster.pid` of a data directory says, held against the processes there are. */
export type Postmaster =
  /** No server. If the file is there, its process is dead, and Postgres itself clears it away. */
  | { readonly state: "none" }
  | { readonly state: "running"; readonly pid: number; readonly port: number }
  /** No server, but the process id it had is now another's: Postgres would refuse to start. */
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

/** Clears the file of a dead server away, if it still names that process. */
export async function clearPidFile(data: string, pid: number): Promise<void> {
  const text = await readFile(pidFile(data), "utf8").catch(() => "");
  if (Number(text.split("\n")[0]) === pid) await rm(pidFile(data), { force: true });
}

function pidFile(data: string): string {
  return join(data, "postmaster.pid");
}

/** Whose process it is. Only what is certain is "other". */
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

/** A server's working folder is its data directory: unlike its command line, that survives a move of the folder. */
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
