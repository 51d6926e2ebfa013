import { join } from "node:path";
import { type Installed, installOnce } from "../../programs/installed";
import { createEnvironment, pythonDownloads, pythonIn } from "../../programs/virtual-environment";

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
  const python = pythonIn(folder);
  return installOnce({ title, folder, place: { python }, installer: pythonDownloads }, () =>
    createEnvironment(folder, interpreter, ["--quiet", `checkov==${version}`]),
  );
}
