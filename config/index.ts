/**
 * The environments of the platform. An environment is one file in this folder whose default export is an `Environment`
 * with the name of the file; there is no list to maintain. `PLATFORM_ENV` selects one.
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../errors/faults";
import type { Environment } from "./settings/environment";
import { environmentNamed } from "./settings/validate";

export type * from "./settings/environment";

const files = readdirSync(configFolder())
  .filter((file) => file.endsWith(".ts") && file !== "index.ts")
  .map((file) => file.slice(0, -".ts".length))
  .sort()
  .map((name) => ({ name, environment: load(name) }));

/** All environments, in the order of their names. A file that defines none is reported by `loadEnvironment`. */
export const environments: readonly Environment[] = files.flatMap(({ environment }) => environment ?? []);

/**
 * The validated environment with this name.
 *
 * @param name usually the variable `PLATFORM_ENV`. @default - dev
 * @throws ConfigurationError when it does not exist, listing all faults of its values, or when a file in the folder is
 *   not an environment with the name of the file
 */
export function loadEnvironment(name = "dev"): Environment {
  for (const file of files) checkFile(file);
  return environmentNamed(name, environments);
}

/** One file in the folder. */
interface EnvironmentFile {
  readonly name: string;
  readonly environment: Environment | undefined;
}

function load(name: string): Environment | undefined {
  // `require` with a pattern: the bundler includes all matching files. An import cannot be computed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment
  const loaded: { readonly default?: Environment } = require(`./${name}.ts`);
  return loaded.default;
}

/** @throws ConfigurationError when it has no environment, or one with another name */
export function checkFile({ name, environment }: EnvironmentFile): void {
  if (environment === undefined) {
    throw new ConfigurationError(`config/${name}.ts`, [
      `default export: is missing; add: export default ${name}, an Environment as in config/dev.ts`,
    ]);
  }
  if (environment.name !== name) {
    throw new ConfigurationError(`config/${name}.ts`, [
      `name: the file defines the environment ${environment.name}; rename the file to ${environment.name}.ts`,
    ]);
  }
}

/** The folder of this file, or, in a bundle in dist/, the folder next to dist/. */
function configFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "config");
    if (existsSync(join(candidate, "settings", "environment.ts"))) return candidate;
    if (dirname(folder) === folder)
      throw new ConfigurationError("config", [
        `no config folder found in ${__dirname} or its parent folders`,
      ]);
  }
}
