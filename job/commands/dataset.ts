import { loadCatalog } from "../../catalog";
import type { DatasetSpec } from "../../dataset";
import { Failure } from "../failure";

/**
 * The specification of a command's data set: from the catalog next to the program or, in the cloud, from the job's
 * environment.
 *
 * @param id the requested data set. @default - the one in the environment
 * @throws Failure permanent when the data set does not exist
 */
export function specOf(id: string | undefined, environment: DatasetSpec | undefined): DatasetSpec {
  if (environment !== undefined) {
    if (id === undefined || id === environment.id) return environment;
    throw new Failure(
      "permanent",
      `data set "${id}" is not available: DATASET_SPEC specifies "${environment.id}"`,
    );
  }
  const catalog = loadCatalog();
  const ids = [...catalog.keys()].join(", ");
  if (id === undefined) throw new Failure("permanent", `--dataset is required; available: ${ids}`);
  const spec = catalog.get(id);
  if (spec === undefined)
    throw new Failure("permanent", `data set "${id}" does not exist; available: ${ids}`);
  return spec;
}
