import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { EmbeddedPostgresError } from "./error";

/** Who runs the server in place of root, whom Postgres refuses. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Accounts that exist on any system and can do no harm, the fitting one first. */
const unprivileged = ["postgres", "nobody"];

/**
 * The account that runs the server if we are root; undefined if we are not, or on Windows: then we run it.
 *
 * @throws EmbeddedPostgresError if we are root and /etc/passwd has no account to use instead
 */
export async function findAccount(): Promise<Account | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const accounts = parsePasswd(await readFile("/etc/passwd", "utf8"));
  const found = unprivileged
    .map((name) => accounts.find((account) => account.name === name && account.uid !== 0))
    .find((account) => account !== undefined);
  if (found !== undefined) return found;
  throw new EmbeddedPostgresError(
    "permanent",
    `Postgres refuses to run as root, and /etc/passwd has none of the accounts ${unprivileged.join(", ")} ` +
      "to run it instead. Run this as an ordinary user, or use a database of your own.",
  );
}

/**
 * Where root may keep what the account cannot reach elsewhere, best first. /var/lib is where a server's data
 * belong; systems sweep old files from the other two.
 */
export const reachableRoots: readonly string[] = ["/var/lib", "/var/tmp", tmpdir()];

export interface Outcome {
  readonly ok: boolean;
  /** Standard output and error, or why the program could not be started. */
  readonly output: string;
}

/** Runs a program to its end as the account (undefined: as we are). A failure is an outcome, not an exception. */
export function runAs(
  account: Account | undefined,
  program: string,
  args: readonly string[],
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, spawnOptions(account), (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      resolve({ ok: error === null, output: output === "" && error ? error.message : output });
    });
  });
}

/**
 * How a program is started as the account: from a folder anybody can be in, and with an environment that
 * holds neither our secrets nor PG* variables, which would change what Postgres does.
 */
export function spawnOptions(account: Account | undefined) {
  const inherited = ["PATH", "LD_LIBRARY_PATH", "SystemRoot", "TEMP"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    cwd: "/",
    env: { ...Object.fromEntries(inherited), LC_ALL: "C", TZ: "UTC" },
    windowsHide: true,
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}

function parsePasswd(text: string): readonly Account[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name !== undefined && uid !== undefined && gid !== undefined
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
      : [];
  });
}
