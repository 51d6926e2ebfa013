import { join } from "node:path";
import { cause, type Installed, installOnce } from "../installed";
import { runProgram } from "../../scripts/program";

export const version = "3.3.30";

/** checkov: a module of the Python in an environment of its own. */
export interface Checkov {
  readonly python: string;
}

/**
 * Installs checkov from PyPI into an environment of its own in the cache, once.
 *
 * @param interpreter what makes the environment
 */
export function checkov(cache: string, interpreter = "python3"): Promise<Installed<Checkov>> {
  const title = `checkov ${version}`;
  const folder = join(cache, `checkov-${version}`);
  const python = join(folder, "bin", "python");
  return installOnce(
    { title, folder, place: { python }, installer: "https://www.python.org/downloads" },
    async () => {
      const made = await runProgram(interpreter, ["-m", "venv", folder]);
      if (made.exitCode !== 0)
        return `${interpreter} cannot make a virtual environment (Debian: apt-get install python3-venv): ${cause(made)}`;
      const got = await runProgram(python, ["-m", "pip", "install", "--quiet", `checkov==${version}`]);
      return got.exitCode === 0 ? undefined : `it cannot be had from PyPI: ${cause(got)}`;
    },
  );
}
