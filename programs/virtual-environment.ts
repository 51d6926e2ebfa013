import { join } from "node:path";
import { cause } from "./installed";
import { type ProgramOptions, runProgram } from "./program";

/** Where Python can be downloaded. */
export const pythonDownloads = "https://www.python.org/downloads";

/** The interpreter of a virtual environment. */
export function pythonIn(folder: string): string {
  return join(folder, "bin", "python");
}

/**
 * Creates a virtual environment, and installs packages from PyPI into it.
 *
 * @param interpreter Python command that creates it
 * @param arguments_ packages and options of `pip install`
 * @param options `env`: that of the interpreter; `onLine`: called with each line of pip
 * @returns why that is not possible; undefined if it is done
 */
export async function createEnvironment(
  folder: string,
  interpreter: string,
  arguments_: readonly string[],
  { env, onLine }: Pick<ProgramOptions, "env" | "onLine"> = {},
): Promise<string | undefined> {
  const made = await runProgram(interpreter, ["-m", "venv", folder], { ...(env && { env }) });
  if (made.exitCode !== 0)
    return `${interpreter} cannot create a virtual environment (on Debian, run apt-get install python3-venv): ${cause(made)}`;
  return installPackages(folder, arguments_, onLine);
}

/**
 * Installs more packages from PyPI into a virtual environment.
 *
 * @param arguments_ packages and options of `pip install`
 * @param onLine called with each line of pip
 * @returns why that is not possible; undefined if it is done
 */
export async function installPackages(
  folder: string,
  arguments_: readonly string[],
  onLine?: (line: string) => void,
): Promise<string | undefined> {
  const pip = ["-m", "pip", "install", ...arguments_];
  const got = await runProgram(pythonIn(folder), pip, { ...(onLine && { onLine }) });
  return got.exitCode === 0 ? undefined : `not available from PyPI: ${cause(got)}`;
}
