import type { DatasetSpec } from "../dataset";
import { latenessOf } from "../stacks/deployment";
import { sourcesYaml } from "../transform/driver/sources";

/** The content of transform/models/sources.yml: the catalog as sources of the dbt project. */
export function dbtSources(catalog: ReadonlyMap<string, DatasetSpec>): string {
  const lateness = [...catalog].flatMap(([id, spec]) => {
    const seconds = latenessOf(spec);
    return seconds === null ? [] : [[id, seconds] as const];
  });
  return sourcesYaml(catalog.values(), new Map(lateness));
}
