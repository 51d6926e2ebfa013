import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ProgramMissing, runProgram } from "../../scripts/program";
import { cause, type Installation, type Installed, installOnce, lookFor } from "../installed";
import { requirements } from "./requirements";

/** The emulator of BigQuery: a program in a Python environment of its own. */
export interface LocalBigQuery {
  readonly program: string;
  /** What must be its HOME: DuckDB looks there for its extensions, and would download them elsewhere. */
  readonly home: string;
}

/** Looks whether it is installed. */
export function findLocalBigQuery(cache: string): Installed<LocalBigQuery> {
  return lookFor(installation(cache));
}

/**
 * Installs it from PyPI into an environment of its own in the cache, once.
 *
 * @param interpreters tried in this order
 */
export function installLocalBigQuery(
  cache: string,
  interpreters = ["python3.13", "python3"],
): Promise<Installed<LocalBigQuery>> {
  const { folder, place } = installation(cache);
  return installOnce(installation(cache), async () => {
    const interpreter = await firstOf(interpreters);
    if (interpreter === undefined)
      return `it needs Python ${python}, and none of ${interpreters.join(", ")} is that: ${downloads}`;
    const made = await runProgram(interpreter, ["-m", "venv", environmentIn(folder)], { env });
    if (made.exitCode !== 0)
      return `${interpreter} cannot make a virtual environment (Debian: apt-get install python3-venv): ${cause(made)}`;
    const own = join(environmentIn(folder), "bin", "python");
    const got = await runProgram(own, ["-m", "pip", "install", "--quiet", "--no-deps", ...requirements]);
    if (got.exitCode !== 0) return `it cannot be had from PyPI: ${cause(got)}`;
    const platform = await runProgram(own, ["-c", askPlatform]);
    if (platform.exitCode !== 0) return `its DuckDB does not run here: ${cause(platform)}`;
    linkExtensions(folder, place.home, platform.stdout.trim());
    return undefined;
  });
}

const version = "0.3.2";
/** It takes no older one and no newer one. */
const python = "3.13";
const duckdb = "1.5.5";
const downloads = "https://www.python.org/downloads";

const askPlatform = "import duckdb; print(duckdb.sql('PRAGMA platform').fetchone()[0])";

/** Under pyenv `python3.13` is a program that runs only when that version is chosen. */
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

/** Puts the extensions, which come as Python packages, where DuckDB looks for them. */
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
    installer: downloads,
  };
}

function environmentIn(folder: string): string {
  return join(folder, "python");
}
