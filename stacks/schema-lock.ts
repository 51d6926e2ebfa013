import type { TableShape } from "../guardrails";
import type { Names } from "./naming";

/** The deployed tables by their ids: stacks/schemas.lock.json. */
export type SchemaLock = Readonly<Record<string, TableShape>>;

/**
 * The id of a table in the lock, the same in every environment: `taxi_zones` in the raw dataset, where each table is a
 * data set, and `core.trips` in any other.
 */
export function lockId(names: Names, table: { readonly dataset: string; readonly table: string }): string {
  const layer = (["core", "raw", "staging"] as const).find((one) => names.dataset(one) === table.dataset);
  const dataset = layer ?? table.dataset.replace(names.prefix("_"), "");
  return dataset === "raw" ? table.table : `${dataset}.${table.table}`;
}
