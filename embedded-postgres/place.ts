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
import { exists } from "./atomic-folder";

/** Location of a cluster, and the account that runs its server. */
export interface Place {
  /** Contains `data`, `password` and `server.log`. May not exist yet. */
  readonly cluster: string;
  /** Undefined: the current user. */
  readonly account: Account | undefined;
}

/**
 * Determines the location of the cluster of `folder`: `<folder>/cluster`, if the account that runs the server can access
 * it. If it cannot (below /root, on a network drive), `<folder>/elsewhere` is a link to a folder outside. The name of
 * the outside folder consists of a hash of this folder's path and a random id that only the link contains, so a folder
 * that was recreated or copied never uses the data of another.
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
  // With a strict umask of root, the account could not traverse the folder.
  await chmod(home, (await stat(home)).mode | 0o111);
  if (await canUse(home, account)) return { cluster: inside, account };
  return { cluster: join(await moveOut(home, account), "cluster"), account };
}

/** Data of a non-root user keeps its owner. Data owned by root, from a copy, is transferred to the account. */
async function owned(cluster: string, account: Account): Promise<Place> {
  const data = join(cluster, "data");
  if (!(await exists(data))) return { cluster, account };
  const { uid, gid } = await stat(data);
  if (uid === 0) await runAs(undefined, "chown", ["-R", `${account.uid}:${account.gid}`, data]);
  const owner = uid === 0 || uid === account.uid ? account : { name: `uid ${uid}`, uid, gid };
  if ((await runAs(owner, "sh", ["-c", 'test -w "$0"', data])).ok) return { cluster, account: owner };
  throw new EmbeddedPostgresError(
    "permanent",
    `The account ${owner.name}, which runs Postgres instead of root, cannot access the data in ${data}. ` +
      "Allow it to traverse the parent folders (chmod o+x), or remove the data to start with an empty database.",
  );
}

/** Whether the account can write to its own folder below `parent`. Tested by writing, because mounts may restrict it. */
async function canUse(parent: string, account: Account): Promise<boolean> {
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
    if (!(await canUse(root, account))) continue;
    const target = join(root, `${prefix(home)}${randomBytes(8).toString("hex")}`);
    await mkdir(target);
    await chmod(target, 0o711);
    // A link that followLink rejected: from a copied folder, or dangling.
    if ((await followLink(home)) === undefined) await rm(link, { force: true });
    // The link is created last and only once: of two concurrent processes, both use the first one's folder.
    await symlink(target, link).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    const chosen = await readlink(link);
    await removeOthers(root, home, chosen);
    return chosen;
  }
  throw new EmbeddedPostgresError(
    "permanent",
    `Postgres cannot run as root, and the account ${account.name}, which would run it instead, cannot write to ` +
      `${[home, ...reachableRoots].join(", ")}. Run the command as a non-root user, or use an existing database.`,
  );
}

/** Removes outside folders of the same path that no link refers to. A server still running in one stops by itself. */
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
