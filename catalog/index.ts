import type { DatasetSpec } from "../dataset";
import { ConfigurationError } from "../errors/faults";
import { allValues, definitionNames, folderOf, type LoadedFiles, loadFiles } from "../errors/loaded-files";

/**
 * The catalog of all data sets. A data set is one file in this folder whose default export is the result of
 * `defineDataset`; there is no list to maintain.
 */

/**
 * All data sets, by id.
 *
 * @throws ConfigurationError when a file does not export a data set, or its name differs from the data set's id; it
 *   lists the faults of all files
 */
export function loadCatalog(): ReadonlyMap<string, DatasetSpec> {
  return allValues("catalog", readCatalog());
}

/** The data sets by id, and the files that define none, for commands that need only some of the data sets. */
export function readCatalog(): LoadedFiles<DatasetSpec> {
  return loadFiles(definitionNames(catalogFolder()), load);
}

function load(name: string): DatasetSpec {
  // `require` with a pattern: the bundler includes all matching files. An import cannot be computed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment
  const loaded: { readonly default?: DatasetSpec } = require(`./${name}.ts`);
  const spec = loaded.default;
  if (spec === undefined) {
    throw new ConfigurationError(`catalog/${name}.ts`, [
      "default export: is missing; add: export default defineDataset({ ... })",
    ]);
  }
  if (spec.id !== name) {
    throw new ConfigurationError(`catalog/${name}.ts`, [
      `id: the file defines the data set ${spec.id}; rename the file to ${spec.id}.ts`,
    ]);
  }
  return spec;
}

/** The folder of the catalog. */
export function catalogFolder(): string {
  return folderOf("catalog", "index.ts", __dirname);
}
