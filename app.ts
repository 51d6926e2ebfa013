import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { loadCatalog } from "./catalog";
import { type Environment, loadEnvironment } from "./config";
import { environmentFindings, isExample } from "./config/settings/findings";
import { ConfigurationError } from "./errors/faults";
import {
  addPlatform,
  deployedSchemas,
  type EnvironmentRecord,
  environmentRecords,
  type PlatformProps,
  type PlatformStack,
  recordOf,
  sourcesWithoutDataset,
} from "./stacks";

/** The cdktf app of one environment, before synthesis. */
export interface PlatformApp {
  readonly app: App;
  readonly environment: Environment;
  readonly stacks: readonly PlatformStack[];
  /** What does not stop the synthesis, but would stop the deployment: placeholders, values that a service refuses. */
  readonly warnings: readonly string[];
  /** Writes cdktf.out, checked by the guardrails. */
  readonly synth: () => void;
}

/**
 * Creates the cdktf app. `PLATFORM_ENV` selects the environment; `PLATFORM_STATE` selects where Terraform keeps its
 * state (`bucket` or `local`).
 *
 * @throws ConfigurationError when a variable, the environment or a data set is not valid, or when an environment whose data
 *   is protected has values with which the deployment would fail
 */
export function platformApp(variables: Readonly<Record<string, string | undefined>>): PlatformApp {
  const environment = loadEnvironment(variables["PLATFORM_ENV"] || undefined);
  const state = stateIn(variables["PLATFORM_STATE"] || "bucket");
  const catalog = loadCatalog();
  const warnings = [...environmentFindings(environment), ...sourcesWithoutDataset(environment, catalog)];
  if (isStrict(environment, variables) && warnings.length > 0)
    throw new ConfigurationError(`config/${environment.name}.ts`, warnings);
  const app = new App();
  const record = environmentRecords[environment.name];
  const stacks = addPlatform(app, {
    environment,
    catalog,
    state,
    schemas: deployedSchemas,
    ...(record && { record }),
  });
  return {
    app,
    environment,
    stacks,
    warnings,
    synth: () => {
      app.synth();
      askForRecord(app.outdir, environment.name, recordOf(environment, catalog, [], record));
    },
  };
}

/**
 * Whether warnings are errors: where data is protected, unless `PLATFORM_FINDINGS` is `warning`, as it is for the deployment
 * of a foundation, before there are images, and for a removal. An example that was not filled in yet can be synthesized, to
 * look at it.
 */
function isStrict(
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): boolean {
  const value = variables["PLATFORM_FINDINGS"] || "error";
  if (value !== "error" && value !== "warning")
    throw new ConfigurationError("PLATFORM_FINDINGS", [`"${value}": must be error or warning`]);
  return value === "error" && environment.protectData && !isExample(environment);
}

/** Asks `npm run deploy` to record what it deploys. */
function askForRecord(outdir: string, environment: string, record: EnvironmentRecord): void {
  const file = "stacks/environments.lock.json";
  writeFileSync(join(outdir, "record.json"), `${JSON.stringify({ file, environment, record }, null, 2)}\n`);
}

function stateIn(value: string): NonNullable<PlatformProps["state"]> {
  if (value === "bucket" || value === "local") return value;
  throw new ConfigurationError("PLATFORM_STATE", [`"${value}": must be bucket or local`]);
}
