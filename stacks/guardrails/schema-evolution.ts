import * as z from "zod/mini";
import type { SchemaLock, TableShape } from "../schema-lock";
import type { Finding, Resource, Rule } from "./platform";
import { textAt } from "./values";

/** A change to a table that BigQuery answers with a new, empty one is refused, unless the record says it is meant. */
export function schemaEvolution(lock: SchemaLock): Rule {
  return ({ environment, resources }): Finding[] =>
    tablesOf(environment.name, resources).flatMap(({ id, path, shape }) =>
      replacements(lock[id], shape).map((found) => ({
        path,
        found,
        fix: `undo it, or say that the table may be replaced: npm run golden -- --replace ${id}`,
      })),
    );
}

/** A table that holds data. */
export interface Table {
  /** `taxi_zones` in raw, where a table is a data set; `core.trips` anywhere else. */
  readonly id: string;
  readonly path: string;
  readonly shape: TableShape;
}

/** The tables of an environment that hold data; what external tables and views show is elsewhere. */
export function tablesOf(environment: string, resources: readonly Resource[]): Table[] {
  return resources.flatMap(({ type, path, values }) => {
    const computed = ["external_data_configuration", "view", "materialized_view"];
    if (type !== "google_bigquery_table" || computed.some((kind) => kind in values)) return [];
    const table = textAt(values, "table_id") ?? "";
    const dataset = (textAt(values, "dataset_id") ?? "").replace(`${environment}_`, "");
    const shape = { partition: partition(values), columns: columns(textAt(values, "schema")) };
    return [{ id: dataset === "raw" ? table : `${dataset}.${table}`, path, shape }];
  });
}

function partition(values: Resource["values"]): string {
  const field = textAt(values, "time_partitioning.field") ?? "time of loading";
  const granularity = textAt(values, "time_partitioning.type");
  const range = textAt(values, "range_partitioning.field");
  if (granularity !== undefined) return `${field} by ${granularity.toLowerCase()}`;
  return range === undefined ? "none" : `${range} by range`;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly fields: readonly Column[];
}

const column: z.ZodMiniType<Column> = z.object({
  name: z.string(),
  type: z.string(),
  mode: z._default(z.string(), "NULLABLE"),
  fields: z._default(z.array(z.lazy(() => column)), []),
});

function columns(schema = "[]"): Record<string, string> {
  return Object.fromEntries(z.array(column).parse(JSON.parse(schema)).flatMap(flat));
}

/** Type and mode of a column and of those inside it: `stops.at`. */
function flat({ name, type, mode, fields }: Column): [string, string][] {
  const own: [string, string] = [name, mode === "NULLABLE" ? type : `${type} ${mode}`];
  return [own, ...fields.flatMap(flat).map(([inner, what]): [string, string] => [`${name}.${inner}`, what])];
}

/** What cannot be changed in place between what is deployed and what is wanted, one sentence each. */
export function replacements(deployed: TableShape | undefined, wanted: TableShape): string[] {
  if (deployed === undefined) return [];
  const changed = Object.entries(wanted.columns).flatMap(([name, now]) => {
    const before = deployed.columns[name];
    if (before === undefined)
      return now.endsWith("REQUIRED") && isBeside(deployed, name)
        ? [`the new column ${name} is REQUIRED`]
        : [];
    return inPlace(before, now) ? [] : [`the column ${name} changes from ${before} to ${now}`];
  });
  const dropped = Object.keys(deployed.columns).filter((name) => !(name in wanted.columns));
  const moved =
    deployed.partition === wanted.partition
      ? []
      : [`the partition changes from ${deployed.partition} to ${wanted.partition}`];
  return [
    ...[...moved, ...changed].map((change) => `${change}: BigQuery would answer with a new, empty table`),
    ...dropped.map((name) => `the column ${name} is gone: BigQuery would delete what it holds`),
  ];
}

/** Whether there are rows that lack the column: those of a record that is new itself have it. */
function isBeside({ columns }: TableShape, name: string): boolean {
  const record = name.replace(/\.?[^.]*$/, "");
  return record === "" || record in columns;
}

/** The same, or a column that need no longer be filled. */
function inPlace(before: string, now: string): boolean {
  return before === now || before === `${now} REQUIRED`;
}
