import * as z from "zod/mini";
import type { Environment, ExistingResources } from "../config";
import type { DatasetSpec } from "../dataset";

/**
 * What is deployed of an environment, as far as a change of it would lose something. `npm run deploy` and
 * `npm run destroy` record it, and `npm run golden` keeps it up to date.
 */
export interface EnvironmentRecord {
  /** Names of the stacks that exist: `dev-lake`. */
  readonly stacks: readonly string[];
  readonly settings: RecordedSettings;
  /**
   * Data sets by id. `removed`: it was retired, and is no longer in the catalog; where data is protected, its table is
   * kept, but no longer managed.
   */
  readonly datasets: Readonly<Record<string, "active" | "retired" | "removed">>;
}

/** Settings of which a change replaces resources, by their path in the environment. */
const recordedSettings = z.strictObject({
  "project.id": z.string(),
  region: z.string(),
  kmsKey: z.nullable(z.string()),
  "database.generation": z.nullable(z.int()),
  "network.subnetRange": z.nullable(z.string()),
  "network.servicesRange": z.nullable(z.string()),
  namePattern: z.nullable(z.string()),
  "existing.lakeBucket": z.nullable(z.string()),
  "existing.datasets": z.nullable(z.string()),
  "existing.network": z.nullable(z.string()),
});
export type RecordedSettings = Readonly<z.infer<typeof recordedSettings>>;

export type SettingPath = keyof RecordedSettings;
export const settingPaths: readonly SettingPath[] = z.keyof(recordedSettings).options;

/** The form of a record in the file. */
export const environmentRecord: z.ZodMiniType<EnvironmentRecord> = z.strictObject({
  stacks: z.array(z.string()),
  settings: recordedSettings,
  datasets: z.record(z.string(), z.enum(["active", "retired", "removed"])),
});

/** All recorded environments, by name: stacks/environments.lock.json. One that is not there is not deployed. */
export type EnvironmentRecords = Readonly<Record<string, EnvironmentRecord>>;

/** The settings of an environment that are recorded. */
export function settingsOf({
  project,
  region,
  kmsKey,
  database,
  network,
  namePattern,
  existing,
}: Environment): RecordedSettings {
  return {
    "project.id": project.id,
    region,
    kmsKey: kmsKey ?? null,
    "database.generation": database?.generation ?? null,
    "network.subnetRange": network?.subnetRange ?? null,
    "network.servicesRange": network?.servicesRange ?? null,
    namePattern: namePattern ?? null,
    "existing.lakeBucket": existing?.lakeBucket ?? null,
    "existing.datasets": existing?.datasets === undefined ? null : textOf(existing.datasets),
    "existing.network": existing?.network?.network ?? null,
  };
}

function textOf(datasets: NonNullable<ExistingResources["datasets"]>): string {
  const { core = "new", raw = "new", staging = "new" } = datasets;
  return `core: ${core}, raw: ${raw}, staging: ${staging}`;
}

/**
 * The record of an environment after a change.
 *
 * @param stacks names of the stacks that exist after it
 * @param before the record until now. @default - the environment is new
 */
export function recordOf(
  environment: Environment,
  catalog: ReadonlyMap<string, DatasetSpec>,
  stacks: readonly string[],
  before?: EnvironmentRecord,
): EnvironmentRecord {
  const gone = removedDatasets(before, catalog);
  const datasets = new Map<string, EnvironmentRecord["datasets"][string]>(
    gone.map((id) => [id, "removed"] as const),
  );
  for (const { id, retired } of catalog.values()) datasets.set(id, retired === true ? "retired" : "active");
  const settings = settingsOf(environment);
  return {
    stacks: [...stacks].sort(),
    // Without a database, the generation of the last one is still taken.
    settings: {
      ...settings,
      "database.generation":
        settings["database.generation"] ?? before?.settings["database.generation"] ?? null,
    },
    datasets: Object.fromEntries([...datasets].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** Ids of data sets that are recorded, but not in the catalog. Without a warehouse, none has a table yet. */
export function removedDatasets(
  record: EnvironmentRecord | undefined,
  catalog: ReadonlyMap<string, DatasetSpec>,
): readonly string[] {
  if (!record?.stacks.some((stack) => stack.endsWith("-warehouse"))) return [];
  return Object.keys(record.datasets).filter((id) => !catalog.has(id));
}
