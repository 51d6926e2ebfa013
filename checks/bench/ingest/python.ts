import { join } from "node:path";
import { cache } from "../../../programs/cache";
import { installOnce, type Installed } from "../../../programs/installed";
import { createEnvironment, pythonDownloads, pythonIn } from "../../../programs/virtual-environment";

/** Versions that were tested together. */
const requirements = ["duckdb==2.0.1", "pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1"];
const title = requirements.join(", ");

/** A virtual environment in the cache with the libraries to compare with, or why it is not available. */
export function pythonWithPeers(): Promise<Installed<string>> {
  const folder = join(cache, "bench-python");
  const environment = join(folder, "venv");
  return installOnce({ title, folder, place: pythonIn(environment), installer: pythonDownloads }, () =>
    createEnvironment(environment, "python3", ["--quiet", ...requirements]),
  );
}
