import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../errors/thrown";

/**
 * Creates the folder `target` atomically, if it does not exist: `fill` writes to a draft folder next to it, which is
 * then renamed. If two processes do so at the same time, the folder of the first one is kept. The next call removes
 * the draft of a killed process.
 */
export async function createFolderAtomically(
  target: string,
  fill: (draft: string) => Promise<void>,
): Promise<void> {
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

/** Whether a process with this id exists, of any user. */
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
    // An initdb that is still running after its parent may write there: the next call tries again.
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** In a container, every start may have the same process id: then the age of the draft decides. */
async function isDead(pid: number, draft: string): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  const { birthtimeMs } = await stat(draft);
  return birthtimeMs < Date.now() - process.uptime() * 1000;
}
