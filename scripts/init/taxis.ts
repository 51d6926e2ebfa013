import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, sourcesFile } from "../../transform/driver/project";

/** The data sets that the project is delivered with, as an example. */
const examples = ["fhv_tripdata", "green_tripdata", "taxi_zones", "yellow_tripdata"];

/**
 * Removes the example: its data sets, and the models and tests of the dbt project that read them. `npm start` still shows it.
 *
 * @returns the removed files
 */
export function removeTaxis(): readonly string[] {
  const files = [
    ...examples.map((id) => join("catalog", `${id}.ts`)),
    ...["models", "tests"].flatMap((part) => exampleModels(join(projectFolder, part))),
  ].filter((file) => existsSync(file));
  for (const file of files) rmSync(file);
  return files;
}

/** Whether a source of the transfer is part of the example. */
export function isExampleSource(dataset: string): boolean {
  return examples.includes(dataset);
}

/** Files that read the example or what is built from it, and their descriptions. Others are the user's. */
function exampleModels(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = new Set(exampleNames);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => path !== sourcesFile && names.has(path.split(/[\\/]/).at(-1) ?? ""))
    .filter((path) => readFileSync(path, "utf8") !== "");
}

const exampleNames = [
  ...["base.yml", "staging.yml", "core.yml", "unit_tests.yml"],
  ...examples.flatMap((id) => [`base_${id}.sql`, `stg_${id}.sql`]),
  ...["dim_zones.sql", "fact_trips.sql", "fact_fhv_trips.sql", "trips_left_out.sql", "trips_per_day.sql"],
  ...["dm_monthly_zone_revenue.sql", "revenue_adds_up.sql", "trips_add_up.sql"],
];
