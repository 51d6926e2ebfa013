import { join } from "node:path";
import { runProgram } from "../../../programs/program";
import { cache } from "../../../programs/cache";
import { cause, installOnce, type Installed } from "../../../programs/installed";

/** Versions that were tested together. */
const requirements = ["duckdb==2.0.1", "pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1"];
const title = requirements.join(", ");

/** A virtual environment in the cache with the libraries to compare with, or why it is not available. */
export function pythonWithPeers(): Promise<Installed<string>> {
  const folder = join(cache, "bench-python");
  const place = join(folder, "venv", "bin", "python");
  return installOnce({ title, folder, place, installer: "https://www.python.org/downloads" }, async () => {
    const made = await runProgram("python3", ["-m", "venv", join(folder, "venv")]);
    if (made.exitCode !== 0)
      return `python3 cannot create a virtual environment (on Debian, run apt-get install python3-venv): ${cause(made)}`;
    const got = await runProgram(place, ["-m", "pip", "install", "--quiet", ...requirements]);
    return got.exitCode === 0 ? undefined : `not available from PyPI: ${cause(got)}`;
  });
}
