import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runAs, type Account } from "./account";
import type { Binaries } from "./binaries";
import { EmbeddedPostgresError, programError } from "./error";
import type { Place } from "./place";
import { createFolderAtomically } from "./atomic-folder";

/** The superuser and owner of all databases. */
export const user = "tributary";

/** A database cluster created by initdb. */
export interface Cluster {
  /** The data directory of Postgres. */
  readonly data: string;
  /** The server's log. */
  readonly log: string;
  /** Password of `user`. Never print it. */
  readonly password: string;
}

/** Opens the cluster of a place, and creates it on first use. */
export async function openCluster(place: Place, binaries: Binaries): Promise<Cluster> {
  const { cluster, account } = place;
  await createFolderAtomically(cluster, (draft) => initialise(draft, account, binaries));
  const data = join(cluster, "data");
  await checkVersion(data, binaries.major);
  const password = await readFile(join(cluster, "password"), "utf8");
  return { data, log: join(cluster, "server.log"), password };
}

async function initialise(draft: string, account: Account | undefined, binaries: Binaries): Promise<void> {
  const data = join(draft, "data");
  const password = join(draft, "password");
  await chmod(draft, account === undefined ? 0o700 : 0o711);
  await mkdir(data, { mode: 0o700 });
  await writeFile(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
  await writeFile(join(draft, "server.log"), "", { mode: 0o600 });
  if (account !== undefined) {
    await chown(data, account.uid, account.gid);
    await chown(password, account.uid, account.gid);
  }
  const created = await runAs(account, binaries.initdb, [
    `--pgdata=${data}`,
    `--username=${user}`,
    `--pwfile=${password}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Sorts by bytes and supports Unicode; identical on every system.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    // If a power failure destroys the new cluster, it can be recreated by removing the folder.
    "--no-sync",
    "--no-instructions",
  ]);
  if (!created.ok) {
    throw await programError(`initdb failed to create ${data}`, created.output, draft);
  }
  if (account !== undefined) await chown(password, 0, 0);
}

/** Postgres cannot read data of another major version. */
async function checkVersion(data: string, installed: string): Promise<void> {
  const found = (await readFile(join(data, "PG_VERSION"), "utf8")).trim();
  if (found === installed) return;
  throw new EmbeddedPostgresError(
    "permanent",
    `The data in ${data} was created by Postgres ${found}, but version ${installed} is installed. ` +
      "Remove the folder; the next run loads the database again.",
  );
}
