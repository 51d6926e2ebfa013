import * as z from "zod/mini";
import type { Finding, Rule } from "../rule";
import type { Resource } from "../synthesis";
import { textAt } from "../values";

/** A table of BigQuery, as far as it cannot be changed in place. */
export interface TableShape {
  /** `_period by month`, or `none`. */
  readonly partition: string;
  /** Type and mode by column: `DATETIME REQUIRED`. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface SchemaEvolutionProps {
  /** The tables as they are deployed, by id. A table that is not listed may be replaced. */
  readonly deployed: Readonly<Record<string, TableShape>>;
  /** The id of a table in `deployed`. @default - `<dataset>.<table>` */
  readonly tableId?: TableId;
  /** What to do about a finding. @default - revert the change, or remove the table from the list of deployed tables */
  readonly fix?: (id: string) => string;
}

export type TableId = (table: { readonly dataset: string; readonly table: string }) => string;

/**
 * No table is replaced: BigQuery adds columns and relaxes required ones in place. Terraform makes every other change
 * by deleting the table and creating an empty one.
 */
export function schemaEvolution({ deployed, tableId, fix = defaultFix }: SchemaEvolutionProps): Rule {
  return ({ resources }): Finding[] =>
    tablesOf(resources, tableId).flatMap(({ id, path, shape }) =>
      replacements(deployed[id], shape).map((found) => ({ path, found, fix: fix(id) })),
    );
}

function defaultFix(id: string): string {
  return `revert the change, or remove ${id} from the list of deployed tables if it may be replaced`;
}

/** A table that contains data. */
export interface Table {
  readonly id: string;
  readonly path: string;
  readonly shape: TableShape;
}

/** The tables that contain data, which views and external tables do not. */
export function tablesOf(resources: readonly Resource[], tableId: TableId = dotted): Table[] {
  return resources.flatMap(({ type, path, values }) => {
    const computed = ["external_data_configuration", "view", "materialized_view"];
    if (type !== "google_bigquery_table" || computed.some((kind) => kind in values)) return [];
    const id = tableId({
      dataset: textAt(values, "dataset_id") ?? "",
      table: textAt(values, "table_id") ?? "",
    });
    const shape = { partition: partition(values), columns: columns(textAt(values, "schema")) };
    return [{ id, path, shape }];
  });
}

function dotted({ dataset, table }: Parameters<TableId>[0]): string {
  return `${dataset}.${table}`;
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

/** Type and mode of a column and of its nested columns: `stops.at`. */
function flat({ name, type, mode, fields }: Column): [string, string][] {
  const own: [string, string] = [name, mode === "NULLABLE" ? type : `${type} ${mode}`];
  return [own, ...fields.flatMap(flat).map(([inner, what]): [string, string] => [`${name}.${inner}`, what])];
}

/** The changes between the deployed and the wanted shape that replace the table, one sentence each. */
function replacements(deployed: TableShape | undefined, wanted: TableShape): string[] {
  if (deployed === undefined) return [];
  const changed = Object.entries(wanted.columns).flatMap(([name, now]) => {
    const before = deployed.columns[name];
    if (before === undefined)
      return now.endsWith("REQUIRED") && hasRows(deployed, name) ? [`adds the REQUIRED column ${name}`] : [];
    return inPlace(before, now) ? [] : [`changes the column ${name} from ${before} to ${now}`];
  });
  const dropped = Object.keys(deployed.columns).filter((name) => !(name in wanted.columns));
  const moved =
    deployed.partition === wanted.partition
      ? []
      : [`changes its partition from ${deployed.partition} to ${wanted.partition}`];
  return [
    ...[...moved, ...changed].map(
      (change) => `${change}: Terraform would replace the table with an empty one`,
    ),
    ...dropped.map((name) => `drops the column ${name}: Terraform would delete its data`),
  ];
}

/** Whether existing rows lack the new column. The rows of a record that is new itself have it. */
function hasRows({ columns }: TableShape, name: string): boolean {
  const record = name.replace(/\.?[^.]*$/, "");
  return record === "" || record in columns;
}

/** Unchanged, or no longer required. */
function inPlace(before: string, now: string): boolean {
  return before === now || before === `${now} REQUIRED`;
}
