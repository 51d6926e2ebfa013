import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runAs, type Account } from "./account";
import type { Binaries } from "./binaries";
import { EmbeddedPostgresError, programError } from "./error";
import type { Place } from "./place";
import { ensureWhole } from "./whole";

/** The superuser, who owns everything. */
export const user = "tributary";

/** A set of databases that initdb has made. */
export interface Cluster {
  /** What Postgres calls its data directory. */
  readonly data: string;
  /** The server's log. */
  readonly log: string;
  /** Of `user`; never print it. */
  readonly password: string;
}

/** Opens the cluster of a place; the first time it is made. */
export async function openCluster(place: Place, binaries: Binaries): Promise<Cluster> {
  const { cluster, account } = place;
  await ensureWhole(cluster, (draft) => initialise(draft, account, binaries));
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
  const made = await runAs(account, binaries.initdb, [
    `--pgdata=${data}`,
    `--username=${user}`,
    `--pwfile=${password}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Sorts by bytes and knows Unicode's letters, the same on every system.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    // An empty cluster lost to a power cut is made again by removing the folder.
    "--no-sync",
    "--no-instructions",
  ]);
  if (!made.ok) {
    throw await programError(`initdb failed to create ${data}`, made.output, draft);
  }
  if (account !== undefined) await chown(password, 0, 0);
}

/** Another major version's data cannot be read. */
async function checkVersion(data: string, installed: string): Promise<void> {
  const made = (await readFile(join(data, "PG_VERSION"), "utf8")).trim();
  if (made === installed) return;
  throw new EmbeddedPostgresError(
    "permanent",
    `The data in ${data} were made by Postgres ${made}, the installed one is ${installed}. ` +
      "Remove the folder; the next run loads the database again.",
  );
}
