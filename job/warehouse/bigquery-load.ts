/** What BigQuery is asked to do with a period: pure functions from the specification to its API's words. */
import { tableColumns, type ColumnType, type DatasetSpec, type Period, periodColumn } from "../../dataset";

/** Where a load job writes. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  /** A table, or a partition of one: `trips$201901`. */
  readonly tableId: string;
}

/**
 * What a load must replace for the period to be replaced: a partition (`trips$201901`), or the whole table of a data
 * set that has no periods. Undefined where the table is cut by another column, so that no partition is the period's.
 */
export function partitionOf({ id, partition }: DatasetSpec, period: Period): string | undefined {
  if (period.grain === "once") return id;
  if (partition?.column !== periodColumn.name) return undefined;
  return `${id}$${period.startDate.slice(0, lengths[period.grain]).replaceAll("-", "")}`;
}

const lengths = { month: "2019-01".length, day: "2019-01-31".length };

/** The `load` of a job that replaces what a table or a partition holds with a Parquet file. It never makes a table. */
export function loadOf(spec: DatasetSpec, uri: string, destinationTable: TableReference) {
  return {
    sourceUris: [uri],
    sourceFormat: "PARQUET",
    destinationTable,
    schema: { fields: fieldsOf(spec) },
    // A load that truncates gives the table the form it names: so it names the one that the table has.
    ...formOf(spec),
    createDisposition: "CREATE_NEVER",
    writeDisposition: "WRITE_TRUNCATE",
  };
}

/** How the data set's tables are cut into partitions and sorted, as the warehouse stack declares it. */
export function formOf({ partition, cluster }: DatasetSpec) {
  return {
    ...(partition && {
      timePartitioning: { type: partition.granularity.toUpperCase(), field: partition.column },
    }),
    ...(cluster.length > 0 && { clustering: { fields: [...cluster] } }),
  };
}

/** The columns as BigQuery's API has them, and as the warehouse stack declares them. */
export function fieldsOf(spec: DatasetSpec) {
  return tableColumns(spec).map(({ name, type, mode, description }) => ({ name, type, mode, description }));
}

/** Puts a period's rows, already in a table of their own, in the place of those that the data set's table has. */
export function replaceStatement(
  spec: DatasetSpec,
  period: Period,
  quoted: (table: string) => string,
  staging: string,
): string {
  const columns = tableColumns(spec)
    .map(({ name }) => `\`${name}\``)
    .join(", ");
  return [
    "BEGIN TRANSACTION",
    `DELETE FROM ${quoted(spec.id)} WHERE ${periodColumn.name} = DATE '${period.startDate}'`,
    `INSERT INTO ${quoted(spec.id)} (${columns}) SELECT ${columns} FROM ${quoted(staging)}`,
    "COMMIT TRANSACTION",
    `DROP TABLE ${quoted(staging)};`,
  ].join(";\n");
}

/** What the bill and the list of jobs can be read by. */
export function labelsOf({ id }: DatasetSpec, { label }: Period): Record<string, string> {
  return { program: "tributary-ingest", dataset: id, period: label };
}

/** The specification's name of a type that the API also answers with another. */
export function standardType(type: string): string {
  const names: Readonly<Record<string, ColumnType>> = {
    INT64: "INTEGER",
    FLOAT64: "FLOAT",
    BOOL: "BOOLEAN",
    DECIMAL: "NUMERIC",
  };
  return names[type] ?? type;
}
