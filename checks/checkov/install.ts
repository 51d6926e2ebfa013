import { join } from "node:path";
import { cause, type Installed, installOnce } from "../../programs/installed";
import { runProgram } from "../../programs/program";

export const version = "3.3.30";

/** checkov, installed in its own virtual environment. */
export interface Checkov {
  readonly python: string;
}

/**
 * Installs checkov from PyPI into a virtual environment in the cache, if it is not installed.
 *
 * @param interpreter Python that creates the environment
 */
export function checkov(cache: string, interpreter = "python3"): Promise<Installed<Checkov>> {
  const title = `checkov ${version}`;
  const folder = join(cache, `checkov-${version}`);
  const python = join(folder, "bin", "python");
  return installOnce(
    { title, folder, place: { python }, installer: "https://www.python.org/downloads" },
    async () => {
      const created = await runProgram(interpreter, ["-m", "venv", folder]);
      if (created.exitCode !== 0)
        return `${interpreter} cannot create a virtual environment (on Debian, run apt-get install python3-venv): ${cause(created)}`;
      const got = await runProgram(python, ["-m", "pip", "install", "--quiet", `checkov==${version}`]);
      return got.exitCode === 0 ? undefined : `not available from PyPI: ${cause(got)}`;
    },
  );
}
