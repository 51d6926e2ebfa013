import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Installation, type Installed, installOnce, lookFor } from "./installed";
import { ProgramMissing, runProgram } from "./program";
import { createEnvironment, installPackages, pythonDownloads, pythonIn } from "./virtual-environment";

/** Packages of Python in a virtual environment of their own, all of them locked with hashes. */
export interface PythonPackages {
  /** Name and version of the main package, for messages and the name of the folder: `dbt 1.11.16`. */
  readonly title: string;
  /** Path of the lock file, in the format of `pip install --require-hashes`. */
  readonly lock: string;
  /**
   * Path of the lock file of what builds the packages that PyPI has only as sources; it is installed first.
   *
   * @default - PyPI has all packages as wheels
   */
  readonly buildLock?: string;
  /** Versions of Python that the packages run on, as 3.<minor>, the preferred one first. */
  readonly minors: readonly number[];
  /** The command that installs them. */
  readonly command: string;
}

/** The interpreter of the environment. */
export interface PythonEnvironment {
  readonly python: string;
}

/** Checks whether the packages are installed, in the versions of the lock file. */
export function findPython(cache: string, packages: PythonPackages): Installed<PythonEnvironment> {
  return lookFor(installation(cache, packages));
}

/**
 * Installs the packages from PyPI into the cache, if they are not installed.
 *
 * @param progress called with the number of packages that pip has started to download, and of all packages
 * @param interpreters Python commands to try, in order. @default - python3.<minor> of each minor, and python3
 */
export function installPython(
  cache: string,
  packages: PythonPackages,
  progress: (done: number, total: number) => void = () => undefined,
  interpreters = [...packages.minors.map((minor) => `python3.${minor}`), "python3"],
): Promise<Installed<PythonEnvironment>> {
  const installing = installation(cache, packages);
  return installOnce(installing, async () => {
    const interpreter = await firstOf(interpreters, packages.minors);
    if (interpreter === undefined)
      return `${packages.title} requires Python ${versionsText(packages.minors)}, and none of ${interpreters.join(", ")} is that version: ${pythonDownloads}`;
    const total = readFileSync(packages.lock, "utf8").match(/^\S+==/gm)?.length ?? 0;
    let started = 0;
    const folder = environmentIn(installing.folder);
    const env = environmentOf(interpreter);
    const onLine = (line: string) => {
      if (line.startsWith("Collecting ")) progress((started += 1), total);
    };
    const { lock, buildLock } = packages;
    if (buildLock === undefined) return createEnvironment(folder, interpreter, locked(lock), { env, onLine });
    return (
      (await createEnvironment(folder, interpreter, locked(buildLock), { env })) ??
      (await installPackages(folder, ["--no-build-isolation", ...locked(lock)], onLine))
    );
  });
}

/** The arguments of pip that install exactly the files of a lock file. */
function locked(lock: string): readonly string[] {
  return ["--no-deps", "--require-hashes", "--progress-bar=off", "-r", lock];
}

function installation(
  cache: string,
  { title, lock, buildLock, command }: PythonPackages,
): Installation<PythonEnvironment> {
  // A changed lock file is another installation.
  const hash = createHash("sha256");
  for (const file of [lock, ...(buildLock === undefined ? [] : [buildLock])]) hash.update(readFileSync(file));
  const digest = hash.digest("hex").slice(0, 8);
  const folder = join(cache, `${title.replaceAll(" ", "-")}-${digest}`);
  return {
    title,
    folder,
    place: { python: pythonIn(environmentIn(folder)) },
    installer: pythonDownloads,
    command,
  };
}

function environmentIn(folder: string): string {
  return join(folder, "python");
}

async function firstOf(
  interpreters: readonly string[],
  minors: readonly number[],
): Promise<string | undefined> {
  for (const interpreter of interpreters) {
    const ask = "import sys; print(sys.version_info[0] == 3 and sys.version_info[1])";
    try {
      const { stdout } = await runProgram(interpreter, ["-c", ask], { env: environmentOf(interpreter) });
      if (minors.includes(Number(stdout.trim() || Number.NaN))) return interpreter;
    } catch (error) {
      if (!(error instanceof ProgramMissing)) throw error;
    }
  }
  return undefined;
}

/** With pyenv, `python3.12` runs only if that version is selected. */
function environmentOf(interpreter: string): NodeJS.ProcessEnv {
  const version = /^python(3\.\d+)$/.exec(interpreter)?.[1];
  return version === undefined ? process.env : { ...process.env, PYENV_VERSION: version };
}

function versionsText(minors: readonly number[]): string {
  const sorted = [...minors].sort((a, b) => a - b);
  return `3.${sorted.at(0) ?? 0} to 3.${sorted.at(-1) ?? 0}`;
}
