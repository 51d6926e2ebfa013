import { addressRange } from "../config/settings/address-range";
import type { Environment } from "../config";
import type { DatasetSpec } from "../dataset";
import { ConfigurationError } from "../errors/faults";
import {
  type EnvironmentRecord,
  removedDatasets,
  type SettingPath,
  settingPaths,
  settingsOf,
} from "./environment-record";

/** A change of what is deployed that would lose something, or leave something behind. */
export interface RecordedChange {
  /** Names it in `npm run golden -- --accept`: `dev.region`. */
  readonly key: string;
  /** What was found, beginning with the field. */
  readonly found: string;
  /** What to do. */
  readonly steps: string;
}

interface Deployed {
  readonly environment: Environment;
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
  /** Names of the stacks of the environment. */
  readonly stacks: readonly string[];
  readonly record: EnvironmentRecord;
}

/**
 * Refuses what Terraform would do without asking: forget a stack whose section was removed, replace the database because
 * a number changed, or delete the tables of a data set whose file was renamed.
 *
 * @param accepted keys of changes that are permitted. @default - none
 * @throws ConfigurationError listing each change with the steps to do it
 */
export function refuseRecordedChanges({
  accepted = [],
  ...deployed
}: Deployed & { readonly accepted?: readonly string[] }): void {
  const changes = recordedChanges(deployed).filter(({ key }) => !accepted.includes(key));
  if (changes.length === 0) return;
  throw new ConfigurationError(
    `config/${deployed.environment.name}.ts`,
    changes.map(
      ({ key, found, steps }) =>
        `${found}\n    ${steps}\n    if it is done already, or is meant to happen: npm run golden -- --accept ${key}`,
    ),
  );
}

/** The changes of what is recorded that must not happen on their own. */
export function recordedChanges({ environment, catalog, stacks, record }: Deployed): RecordedChange[] {
  const { name } = environment;
  return [
    ...orphans(record, stacks).map((stack) => orphan(name, stack, record.stacks)),
    ...settingPaths.flatMap((path) => changedSetting(environment, record, path)),
    ...removedDatasets(record, catalog)
      .filter((id) => record.datasets[id] === "active")
      .map((id) => missingDataset(name, id)),
  ];
}

function orphans({ stacks }: EnvironmentRecord, now: readonly string[]): string[] {
  return stacks.filter((stack) => !now.includes(stack));
}

function orphan(environment: string, stack: string, deployed: readonly string[]): RecordedChange {
  const section = stack.slice(environment.length + 1);
  const dependents = (dependentsOf[section] ?? [])
    .map((purpose) => `${environment}-${purpose}`)
    .filter((dependent) => deployed.includes(dependent));
  return {
    key: `${environment}.stacks.${section}`,
    found: `${section}: is missing, but the stack ${stack} is deployed: it would keep running, and no plan would show it`,
    steps:
      `put the section back, run npm run destroy -- --env ${environment} --stack ${[...dependents, stack].join(" ")}, ` +
      `then remove the section and run npm run deploy -- --env ${environment}`,
  };
}

/** What is destroyed before the stack of a section. */
const dependentsOf: Readonly<Record<string, readonly string[]>> = {
  transfer: ["composer", "orchestration"],
  database: ["composer", "orchestration", "ingestion"],
  network: ["composer", "orchestration", "ingestion", "database"],
};

function changedSetting(
  environment: Environment,
  record: EnvironmentRecord,
  path: SettingPath,
): RecordedChange[] {
  const before = record.settings[path];
  const now = settingsOf(environment)[path];
  if (before === now || isHarmless(path, before, now, record)) return [];
  return [
    {
      key: `${environment.name}.${path}`,
      found: `${path}: ${shown(now)}, but ${shown(before)} is deployed: ${consequences[path]}`,
      steps: steps[path],
    },
  ];
}

/** Whether Terraform makes the change in place, or of nothing that exists. */
function isHarmless(
  path: SettingPath,
  before: string | number | null,
  now: string | number | null,
  { stacks }: EnvironmentRecord,
): boolean {
  const exists = (purpose: string) => stacks.some((stack) => stack.endsWith(`-${purpose}`));
  switch (path) {
    case "project.id":
    case "region":
    case "kmsKey":
    case "namePattern":
      return false;
    case "existing.lakeBucket":
      return !exists("lake");
    case "existing.datasets":
      return !exists("warehouse");
    case "existing.network":
      return !exists("network") && !exists("database");
    case "database.generation":
      // A removed section is reported as its stack.
      return now === null || !exists("database");
    case "network.subnetRange":
      return (
        !exists("network") || (typeof before === "string" && typeof now === "string" && contains(now, before))
      );
    case "network.servicesRange":
      return !exists("database");
  }
}

/** Whether a range contains all of another. Google extends subnets in place. */
function contains(outer: string, inner: string): boolean {
  const [a, b] = [addressRange(outer), addressRange(inner)];
  return a !== undefined && b !== undefined && a.first <= b.first && a.last >= b.last;
}

const consequences: Readonly<Record<SettingPath, string>> = {
  "project.id": "Terraform would create everything in the new project, and delete it in the old one",
  region:
    "Terraform would replace buckets with their files, tables with their rows, and the state of all stacks",
  kmsKey: "Terraform would replace the database and the image repository, with their data",
  "database.generation": "Terraform would replace the database with an empty one",
  "network.subnetRange": "Terraform would replace the subnet, which it cannot do while jobs use it",
  "network.servicesRange": "Terraform would replace the range that the database has its address from",
  namePattern: "Terraform would replace everything with what has the new names",
  "existing.lakeBucket": "the jobs and tables would use another bucket, without the files",
  "existing.datasets": "the jobs would use other datasets, without the tables",
  "existing.network": "the database would be replaced, and the jobs could not reach it",
};

const newEnvironment =
  "revert it, and add an environment with this value (docs/deploy.md, Change what cannot be changed in place)";

const steps: Readonly<Record<SettingPath, string>> = {
  "project.id": newEnvironment,
  region: newEnvironment,
  kmsKey: newEnvironment,
  "database.generation":
    "export the database first, and import it into the new instance, or load it again from the lake (docs/deploy.md, " +
    "Change what cannot be changed in place)",
  "network.subnetRange":
    "revert it, or use a range that contains the deployed one: a subnet can be extended in place",
  "network.servicesRange":
    "revert it: a database keeps its range. To move it, destroy the database first (docs/deploy.md, Change what cannot " +
    "be changed in place)",
  namePattern: newEnvironment,
  "existing.lakeBucket": newEnvironment,
  "existing.datasets": newEnvironment,
  "existing.network": newEnvironment,
};

function missingDataset(environment: string, id: string): RecordedChange {
  return {
    key: `${environment}.datasets.${id}`,
    found: `catalog/${id}.ts: does not exist, but the data set ${id} is deployed: its tables would be deleted`,
    steps:
      `put the file back with retired: true, deploy, and remove the file after that; a data set cannot be renamed: add ` +
      `one with the new id, backfill it, and retire ${id}`,
  };
}

function shown(value: string | number | null): string {
  return value === null ? "none" : JSON.stringify(value);
}
