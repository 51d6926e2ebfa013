import { ConfigurationError } from "../../errors/faults";
import type { Environment } from "./environment";

/** One file in config/. */
export interface EnvironmentFile {
  readonly name: string;
  /** Its default export. */
  readonly environment: Environment | undefined;
}

/**
 * The environment of a file.
 *
 * @throws ConfigurationError when it has no environment, or one with another name
 */
export function checkedFile({ name, environment }: EnvironmentFile): Environment {
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
  return environment;
}
