/**
 * The environments of the platform. An environment is one file in this folder whose default export is an `Environment`
 * with the name of the file; there is no list to maintain. `PLATFORM_ENV` selects one.
 */
import { join } from "node:path";
import { allValues, definitionNames, folderOf, type LoadedFiles, loadFiles } from "../errors/loaded-files";
import { checkedFile } from "./settings/checked-file";
import type { Environment } from "./settings/environment";
import { environmentNamed } from "./settings/validate";

export type * from "./settings/environment";

/**
 * The validated environment with this name. A broken file of another environment does not matter.
 *
 * @param name usually the variable `PLATFORM_ENV`. @default - dev
 * @throws ConfigurationError when it does not exist, listing all faults of its values, or when its file is not an
 *   environment with the name of the file
 */
export function loadEnvironment(name = "dev"): Environment {
  const { values, broken } = readEnvironments();
  const fault = broken.get(name);
  if (fault !== undefined) throw fault;
  return environmentNamed(name, [...values.values()]);
}

/**
 * All environments, validated, in the order of their names.
 *
 * @throws ConfigurationError listing the faults of the files that are not valid
 */
export function loadEnvironments(): readonly Environment[] {
  const { values, broken } = readEnvironments();
  const all = [...values.values()];
  const valid = loadFiles([...values.keys()], (name) => environmentNamed(name, all));
  return [
    ...allValues("config", { values: valid.values, broken: new Map([...broken, ...valid.broken]) }).values(),
  ];
}

function readEnvironments(): LoadedFiles<Environment> {
  return loadFiles(definitionNames(folderOf("config", join("settings", "environment.ts"), __dirname)), load);
}

function load(name: string): Environment {
  // `require` with a pattern: the bundler includes all matching files. An import cannot be computed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment
  const loaded: { readonly default?: Environment } = require(`./${name}.ts`);
  return checkedFile({ name, environment: loaded.default });
}
