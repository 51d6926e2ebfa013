import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatasetSpec } from "../dataset";
import { ConfigurationError } from "../errors/faults";

/**
 * The catalog: every data set the project knows. A data set is one file in this folder whose default export is
 * what `defineDataset` returns; there is no list to add it to.
 */

/**
 * All data sets, by id.
 *
 * @throws ConfigurationError when a file does not export a data set, or has another name than its data set
 */
export function loadCatalog(): ReadonlyMap<string, DatasetSpec> {
  const names = readdirSync(catalogFolder())
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .map((file) => file.slice(0, -".ts".length))
    .sort();
  return new Map(names.map((name) => [name, load(name)]));
}

function load(name: string): DatasetSpec {
  // The bundler puts every file that fits this pattern into the bundle; imports cannot be computed, this can.
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment
  const loaded: { readonly default?: DatasetSpec } = require(`./${name}.ts`);
  const spec = loaded.default;
  if (spec === undefined) {
    throw new ConfigurationError(`catalog/${name}.ts`, [
      "default export: is missing; write: export default defineDataset({ ... })",
    ]);
  }
  if (spec.id !== name) {
    throw new ConfigurationError(`catalog/${name}.ts`, [
      `id: the file defines the data set ${spec.id}; rename it to ${spec.id}.ts`,
    ]);
  }
  return spec;
}

/** The folder beside this file, or, seen from a bundle in dist/, beside the bundle's folder. */
function catalogFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "catalog");
    if (existsSync(join(candidate, "index.ts"))) return candidate;
    if (dirname(folder) === folder)
      throw new ConfigurationError("catalog", [`there is no catalog folder in ${__dirname} or above it`]);
  }
}
