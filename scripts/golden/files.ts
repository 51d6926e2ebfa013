import { join } from "node:path";
import type { Environment } from "../../config";
import type { DatasetSpec } from "../../dataset";
import type { EnvironmentRecords } from "../../stacks";
import type { SchemaLock } from "../../stacks/schema-lock";
import { sourcesFile } from "../../transform/driver/project";
import { dbtSources } from "../dbt-sources";
import { documentedEnvironment, permissionsPage } from "../permissions/page";
import { shapesIn, synthesized } from "../synthesized";
import { composerStacks, withComposer } from "../with-composer";
import { streamingStacks, withStreaming } from "../with-streaming";
import { rendered } from "./render";

/** Folder of the synthesized JSON, one file per stack. */
export const goldenFolder = join("__tests__", "golden");
export const schemasFile = join("stacks", "schemas.lock.json");
export const recordsFile = join("stacks", "environments.lock.json");
export const permissionsFile = join("docs", "permissions.md");

export interface GoldenProps {
  readonly environments: readonly Environment[];
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
  /** The schemas of the deployed tables. */
  readonly schemas: SchemaLock;
  /** What is deployed. */
  readonly records: EnvironmentRecords;
}

/**
 * What `npm run golden` writes: the text of each file, by its path.
 *
 * @throws Error when the synthesis fails, or a rule of the guardrails is broken
 */
export function goldenFiles({
  environments,
  catalog,
  schemas,
  records,
}: GoldenProps): ReadonlyMap<string, string> {
  const platforms = environments.map((environment) => {
    const record = records[environment.name];
    return { environment, stacks: synthesized({ environment, catalog, schemas, ...(record && { record }) }) };
  });
  const shapes = platforms.flatMap(({ environment, stacks }) => shapesIn(environment, stacks));
  return new Map([
    ...platforms.flatMap(({ stacks }) =>
      [...stacks].map(([stack, json]) => [join(goldenFolder, `${stack}.json`), rendered(json)] as const),
    ),
    [schemasFile, rendered(Object.fromEntries(shapes))],
    [recordsFile, rendered(records)],
    ...platforms
      .filter(({ environment }) => environment.name === documentedEnvironment)
      .flatMap(({ environment, stacks }) => {
        const airflow = synthesized({ environment: withComposer(environment), catalog, schemas });
        const kafka = synthesized({ environment: withStreaming(environment), catalog, schemas });
        return [
          [permissionsFile, permissionsPage(environment, stacks, airflow, kafka)] as const,
          ...streamingStacks(kafka).map(
            ([stack, json]) => [join(goldenFolder, "streaming", `${stack}.json`), rendered(json)] as const,
          ),
          ...composerStacks(airflow).map(
            ([stack, json]) => [join(goldenFolder, "composer", `${stack}.json`), rendered(json)] as const,
          ),
        ];
      }),
    [sourcesFile, dbtSources(catalog)],
  ]);
}
