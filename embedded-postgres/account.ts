import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { EmbeddedPostgresError } from "./error";

/** The account that runs the server if the process runs as root, because Postgres does not run as root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Unprivileged accounts that exist on common systems, in order of preference. */
const unprivileged = ["postgres", "nobody"];

/**
 * The account that runs the server if the process runs as root. Undefined for other users and on Windows: the current
 * user runs the server.
 *
 * @throws EmbeddedPostgresError if the process runs as root and /etc/passwd has no suitable account
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
    `Postgres cannot run as root, and /etc/passwd contains none of the accounts ${unprivileged.join(", ")} ` +
      "to run it instead. Run the command as a non-root user, or use an existing database.",
  );
}

/**
 * Folders for files that the account cannot access elsewhere, in order of preference. /var/lib is the usual place for
 * a server's data; systems may delete old files from the other two.
 */
export const reachableRoots: readonly string[] = ["/var/lib", "/var/tmp", tmpdir()];

export interface Outcome {
  readonly ok: boolean;
  /** Standard output and standard error, or the reason why the program could not be started. */
  readonly output: string;
}

/** Runs a program as the account (undefined: the current user) until it exits. Never throws: a failure is an outcome. */
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
 * Options to start a program as the account: in a folder that every user can access, and with an environment that
 * contains neither secrets nor PG* variables, which would change the behavior of Postgres.
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
