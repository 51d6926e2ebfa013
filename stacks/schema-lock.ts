import type { TableShape } from "../guardrails";

/** The deployed tables by their ids: stacks/schemas.lock.json. */
export type SchemaLock = Readonly<Record<string, TableShape>>;

/**
 * The id of a table in the lock, the same in every environment: `taxi_zones` in the raw dataset, where each table is a
 * data set, and `core.trips` in any other.
 */
export function lockId(
  environment: string,
  table: { readonly dataset: string; readonly table: string },
): string {
  const dataset = table.dataset.replace(`${environment}_`, "");
  return dataset === "raw" ? table.table : `${dataset}.${table.table}`;
}
