import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ProgramMissing, runProgram } from "../../programs/program";
import { cause, type Installation, type Installed, installOnce, lookFor } from "../../programs/installed";
import { createEnvironment, pythonDownloads, pythonIn } from "../../programs/virtual-environment";
import { requirements } from "./requirements";

/** The emulator of BigQuery, in its own virtual environment. */
export interface LocalBigQuery {
  readonly program: string;
  /** Value of HOME: DuckDB loads its extensions from there. With another HOME it would download them. */
  readonly home: string;
}

/** Checks whether it is installed. */
export function findLocalBigQuery(cache: string): Installed<LocalBigQuery> {
  return lookFor(installation(cache));
}

/**
 * Installs it from PyPI into a virtual environment in the cache, if it is not installed.
 *
 * @param interpreters Python commands to try, in order
 */
export function installLocalBigQuery(
  cache: string,
  interpreters = ["python3.13", "python3"],
): Promise<Installed<LocalBigQuery>> {
  const { folder, place } = installation(cache);
  return installOnce(installation(cache), async () => {
    const interpreter = await firstOf(interpreters);
    if (interpreter === undefined)
      return `Python ${python} is required, and none of ${interpreters.join(", ")} is that version: ${pythonDownloads}`;
    const packages = ["--quiet", "--no-deps", ...requirements];
    const reason = await createEnvironment(environmentIn(folder), interpreter, packages, { env });
    if (reason !== undefined) return reason;
    const platform = await runProgram(pythonIn(environmentIn(folder)), ["-c", askPlatform]);
    if (platform.exitCode !== 0) return `DuckDB does not run on this machine: ${cause(platform)}`;
    linkExtensions(folder, place.home, platform.stdout.trim());
    return undefined;
  });
}

const version = "0.3.2";
/** The only supported version. */
const python = "3.13";
const duckdb = "1.5.5";

const askPlatform = "import duckdb; print(duckdb.sql('PRAGMA platform').fetchone()[0])";

/** With pyenv, `python3.13` runs only if that version is selected. */
const env = { ...process.env, PYENV_VERSION: python };

async function firstOf(interpreters: readonly string[]): Promise<string | undefined> {
  for (const interpreter of interpreters) {
    const asked = await versionOf(interpreter);
    if (asked === python) return interpreter;
  }
  return undefined;
}

async function versionOf(interpreter: string): Promise<string | undefined> {
  try {
    const ask = "import sys; print('%d.%d' % sys.version_info[:2])";
    return (await runProgram(interpreter, ["-c", ask], { env })).stdout.trim();
  } catch (error) {
    if (error instanceof ProgramMissing) return undefined;
    throw error;
  }
}

/** Links the extensions, which are installed as Python packages, to the folder where DuckDB looks for them. */
function linkExtensions(folder: string, home: string, platform: string): void {
  const target = join(home, ".duckdb", "extensions", `v${duckdb}`, platform);
  mkdirSync(target, { recursive: true });
  const packages = join(environmentIn(folder), "lib", `python${python}`, "site-packages");
  for (const extension of ["ducklake", "icu", "spatial", "httpfs"]) {
    const file = `${extension}.duckdb_extension`;
    const source = join(packages, `duckdb_extension_${extension}`, "extensions", `v${duckdb}`, file);
    symlinkSync(source, join(target, file));
  }
}

function installation(cache: string): Installation<LocalBigQuery> {
  const folder = join(cache, `local-bigquery-${version}`);
  return {
    title: `local-bigquery ${version}`,
    folder,
    place: { program: join(environmentIn(folder), "bin", "local-bigquery"), home: join(folder, "home") },
    installer: pythonDownloads,
  };
}

function environmentIn(folder: string): string {
  return join(folder, "python");
}
