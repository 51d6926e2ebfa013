import type { Environment } from "../config";
import type { DatasetSpec } from "../dataset";
import { nearest } from "../errors/near";

/**
 * Sources of the transfer whose data set is not in the catalog. Their files are still copied, so that a data set can be
 * removed, or added later.
 *
 * @returns one sentence per source, starting with its field
 */
export function sourcesWithoutDataset(
  { transfer }: Environment,
  catalog: ReadonlyMap<string, DatasetSpec>,
): readonly string[] {
  return unknownSources(transfer?.sources ?? {}, catalog).map(
    (id) =>
      `transfer.sources.${id}: data set does not exist in the catalog: its files are copied, but nothing ingests them; ` +
      "remove this source, or add the data set",
  );
}

/** Sources that are named almost like a data set: faults, one sentence per source. */
export function misspelledSources(
  sources: Readonly<Record<string, unknown>>,
  catalog: ReadonlyMap<string, DatasetSpec>,
): readonly string[] {
  return unknownSources(sources, catalog).flatMap((id) => {
    const others = [...catalog.keys()].filter((known) => !(known in sources));
    const near = nearest(id, others);
    return near === undefined
      ? []
      : [`transfer.sources.${id}: data set does not exist in the catalog; did you mean "${near}"?`];
  });
}

function unknownSources(
  sources: Readonly<Record<string, unknown>>,
  catalog: ReadonlyMap<string, DatasetSpec>,
): string[] {
  return Object.keys(sources).filter((id) => !catalog.has(id));
}
