import { App } from "cdktf";
import { loadCatalog } from "./catalog";
import { type Environment, loadEnvironment } from "./config";
import { ConfigurationError } from "./errors/faults";
import { addPlatform, type PlatformProps, type PlatformStack } from "./stacks";

/** The cdktf app of one environment, before synthesis. */
export interface PlatformApp {
  readonly app: App;
  readonly environment: Environment;
  readonly stacks: readonly PlatformStack[];
}

/**
 * Creates the cdktf app. `PLATFORM_ENV` selects the environment; `PLATFORM_STATE` selects where Terraform keeps its
 * state (`bucket` or `local`).
 *
 * @throws ConfigurationError when a variable, the environment or a data set is not valid
 */
export function platformApp(variables: Readonly<Record<string, string | undefined>>): PlatformApp {
  const environment = loadEnvironment(variables["PLATFORM_ENV"] || undefined);
  const state = stateIn(variables["PLATFORM_STATE"] || "bucket");
  const app = new App();
  return { app, environment, stacks: addPlatform(app, { environment, catalog: loadCatalog(), state }) };
}

function stateIn(value: string): NonNullable<PlatformProps["state"]> {
  if (value === "bucket" || value === "local") return value;
  throw new ConfigurationError("PLATFORM_STATE", [`"${value}": must be bucket or local`]);
}
