import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../errors/thrown";

/**
 * Makes the folder `target`, if it is not there, as a whole or not at all: `fill` works on a draft beside it, which
 * is then renamed. Where two processes do so at the same time, the first one's folder stays. A draft whose process
 * was killed is removed by the next call.
 */
export async function ensureWhole(target: string, fill: (draft: string) => Promise<void>): Promise<void> {
  await removeDeadDrafts(target);
  if (await exists(target)) return;
  const draft = `${target}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await mkdir(draft);
  try {
    await fill(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    },
  );
}

/** Whether a process of that id exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function removeDeadDrafts(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder)) {
    const [, stem, pid] = /^(.+)\.(\d+)\.[0-9a-f]{8}$/.exec(name) ?? [];
    if (stem !== basename(target) || !(await isDead(Number(pid), join(folder, name)))) continue;
    // An initdb that outlived its parent may still write there: the next call tries again.
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** In a container the same process id comes back at every start: then the age decides. */
async function isDead(pid: number, draft: string): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  const { birthtimeMs } = await stat(draft);
  return birthtimeMs < Date.now() - process.uptime() * 1000;
}
