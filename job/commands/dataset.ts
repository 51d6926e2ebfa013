import { loadCatalog } from "../../catalog";
import type { DatasetSpec } from "../../dataset";
import { Failure } from "../failure";

/**
 * The specification of the data set that a command is about: from the catalog beside the program, or, in the cloud,
 * from the job's environment.
 *
 * @param id the data set that was asked for. @default - the one of the environment
 * @throws Failure permanent when there is no such data set
 */
export function specOf(id: string | undefined, environment: DatasetSpec | undefined): DatasetSpec {
  if (environment !== undefined) {
    if (id === undefined || id === environment.id) return environment;
    throw new Failure("permanent", `DATASET_SPEC holds the data set ${environment.id}, not ${id}`);
  }
  const catalog = loadCatalog();
  const ids = [...catalog.keys()].join(", ");
  if (id === undefined) throw new Failure("permanent", `say which data set: --dataset <id>, one of ${ids}`);
  const spec = catalog.get(id);
  if (spec === undefined) throw new Failure("permanent", `there is no data set "${id}"; there are ${ids}`);
  return spec;
}
