/** The environments of the platform, and the one that `PLATFORM_ENV` selects. */
import { dev } from "./dev";
import type { Environment } from "./environment";
import { prod } from "./prod";
import { environmentNamed } from "./validate";

export type * from "./environment";

/** All environments; a new one is a file beside dev.ts and a word in this list. */
export const environments: readonly Environment[] = [dev, prod];

/**
 * The environment of that name, checked.
 *
 * @param name usually the variable `PLATFORM_ENV`. @default - dev
 * @throws ConfigurationError when there is none of that name, or listing all that is wrong with its values
 */
export function loadEnvironment(name = "dev"): Environment {
  return environmentNamed(name, environments);
}
