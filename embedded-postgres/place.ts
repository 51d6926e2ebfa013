import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { findAccount, reachableRoots, runAs, type Account } from "./account";
import { EmbeddedPostgresError } from "./error";
import { codeOf } from "../errors/thrown";
import { exists } from "./whole";

/** Where a cluster is kept, and who runs its server. */
export interface Place {
  /** Holds `data`, `password` and `server.log`. May not exist yet. */
  readonly cluster: string;
  /** Undefined: we run the server ourselves. */
  readonly account: Account | undefined;
}

/**
 * Decides where the cluster of `folder` is kept: `<folder>/cluster`, if whoever runs the server can get there.
 * For root that may not be so (below /root, on a network drive): then `<folder>/elsewhere` is a link to a folder
 * outside. The outside folder's name is made of this folder's path and of a random id that only the link holds,
 * so a folder that was removed and made anew, or copied, never meets the data of another.
 */
export async function findPlace(folder: string): Promise<Place> {
  await mkdir(folder, { recursive: true });
  const home = await realpath(folder);
  const inside = join(home, "cluster");
  const account = await findAccount();
  if (account === undefined) return { cluster: inside, account };

  const outside = await followLink(home);
  if (outside !== undefined) return owned(join(outside, "cluster"), account);
  if (await exists(inside)) return owned(inside, account);
  // A strict umask of root's would lock the account out; passing through is all it needs.
  await chmod(home, (await stat(home)).mode | 0o111);
  if (await canHold(home, account)) return { cluster: inside, account };
  return { cluster: join(await moveOut(home, account), "cluster"), account };
}

/** Data that an ordinary user made stay that user's. Root's, from a copy, are handed to the account. */
async function owned(cluster: string, account: Account): Promise<Place> {
  const data = join(cluster, "data");
  if (!(await exists(data))) return { cluster, account };
  const { uid, gid } = await stat(data);
  if (uid === 0) await runAs(undefined, "chown", ["-R", `${account.uid}:${account.gid}`, data]);
  const owner = uid === 0 || uid === account.uid ? account : { name: `uid ${uid}`, uid, gid };
  if ((await runAs(owner, "sh", ["-c", 'test -w "$0"', data])).ok) return { cluster, account: owner };
  throw new EmbeddedPostgresError(
    "permanent",
    `Postgres' data in ${data} cannot be reached by the account ${owner.name}, which runs the server in place ` +
      "of root. Let it pass the folders above (chmod o+x), or remove the data to begin anew.",
  );
}

/** Whether the account can write to a folder of its own below `parent`: tried, because mounts have their own laws. */
async function canHold(parent: string, account: Account): Promise<boolean> {
  let probe: string | undefined;
  try {
    probe = await mkdtemp(join(parent, "tributary-probe-"));
    await chown(probe, account.uid, account.gid);
    return (await runAs(account, "sh", ["-c", ': > "$0/file"', probe])).ok;
  } catch {
    return false;
  } finally {
    if (probe !== undefined) await rm(probe, { recursive: true, force: true });
  }
}

async function followLink(home: string): Promise<string | undefined> {
  const target = await readlink(join(home, "elsewhere")).catch(() => undefined);
  if (target === undefined) return undefined;
  const ours = reachableRoots.includes(dirname(target)) && basename(target).startsWith(prefix(home));
  const found = ours ? await lstat(target).catch(() => undefined) : undefined;
  return found?.isDirectory() === true && found.uid === 0 ? target : undefined;
}

async function moveOut(home: string, account: Account): Promise<string> {
  const link = join(home, "elsewhere");
  for (const root of reachableRoots) {
    if (!(await canHold(root, account))) continue;
    const target = join(root, `${prefix(home)}${randomBytes(8).toString("hex")}`);
    await mkdir(target);
    await chmod(target, 0o711);
    // What followLink refused: the link of a copied folder, or one to nowhere.
    if ((await followLink(home)) === undefined) await rm(link, { force: true });
    // The link is made last and only once: of two processes, both use the first one's folder.
    await symlink(target, link).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    const chosen = await readlink(link);
    await removeOthers(root, home, chosen);
    return chosen;
  }
  throw new EmbeddedPostgresError(
    "permanent",
    `Postgres refuses to run as root, and the account ${account.name}, which would run it instead, can keep ` +
      `data neither in ${home} nor in ${reachableRoots.join(", ")}. Run this as an ordinary user, or use a ` +
      "database of your own.",
  );
}

/** Outside folders of the same path that no link holds any more; a server left running in one stops by itself. */
async function removeOthers(root: string, home: string, kept: string): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name);
    if (!name.startsWith(prefix(home)) || path === kept) continue;
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

function prefix(home: string): string {
  return `tributary-postgres-${createHash("sha256").update(home).digest("hex").slice(0, 12)}-`;
}
