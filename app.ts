import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { loadCatalog } from "./catalog";
import { type Environment, loadEnvironment } from "./config";
import { environmentFindings, refuseFindings } from "./config/settings/findings";
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
  refuseFindings(environment, warnings, variables["PLATFORM_FINDINGS"] || undefined);
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

/** Asks `npm run deploy` to record what it deploys. */
function askForRecord(outdir: string, environment: string, record: EnvironmentRecord): void {
  const file = "stacks/environments.lock.json";
  writeFileSync(join(outdir, "record.json"), `${JSON.stringify({ file, environment, record }, null, 2)}\n`);
}

function stateIn(value: string): NonNullable<PlatformProps["state"]> {
  if (value === "bucket" || value === "local") return value;
  throw new ConfigurationError("PLATFORM_STATE", [`"${value}": must be bucket or local`]);
}
