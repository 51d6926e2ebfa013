/** The environments of the platform, and the one that `PLATFORM_ENV` selects. */
import { dev } from "./dev";
import type { Environment } from "./environment";
import { prod } from "./prod";
import { environmentNamed } from "./validate";

export type * from "./environment";

/** All environments. To add one, create a file next to dev.ts and add it to this list. */
export const environments: readonly Environment[] = [dev, prod];

/**
 * The validated environment with this name.
 *
 * @param name usually the variable `PLATFORM_ENV`. @default - dev
 * @throws ConfigurationError when it does not exist, or listing all faults of its values
 */
export function loadEnvironment(name = "dev"): Environment {
  return environmentNamed(name, environments);
}
