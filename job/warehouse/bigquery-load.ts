/** Requests to BigQuery's API about a period, as pure functions of the specification. */
import {
  type ColumnType,
  type DatasetSpec,
  grainRules,
  type Period,
  periodColumn,
  tableColumns,
} from "../../dataset";

/** Where a load job writes. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  /** A table, or a partition of one: `trips$201901`. */
  readonly tableId: string;
}

/**
 * The table or partition that contains exactly the period's rows: `trips$201901`, or the whole table of a data set
 * without periods. Undefined when the table is partitioned by another column.
 */
export function partitionOf({ id, partition }: DatasetSpec, period: Period): string | undefined {
  if (period.grain === "once") return id;
  if (partition?.column !== periodColumn.name) return undefined;
  const { granularity } = grainRules[period.grain];
  return `${id}$${period.startText.slice(0, lengths[granularity]).replace(/[- ]/g, "")}`;
}

const lengths = {
  year: "2019".length,
  month: "2019-01".length,
  day: "2019-01-31".length,
  hour: "2019-01-31 05".length,
};

/**
 * The `load` of a job that replaces the rows of a table or partition with a Parquet file. It does not create tables.
 *
 * Into a partition, no load changes the schema or the policies of the table. Into a whole table, WRITE_TRUNCATE replaces
 * the schema, with the policy tags of its columns, and removes row access policies; WRITE_TRUNCATE_DATA keeps them.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/auditlogs/rest/Shared.Types/BigQueryAuditMetadata.WriteDisposition
 */
export function loadOf(spec: DatasetSpec, uri: string, destinationTable: TableReference) {
  return {
    sourceUris: [uri],
    sourceFormat: "PARQUET",
    destinationTable,
    schema: { fields: fieldsOf(spec) },
    // WRITE_TRUNCATE overwrites the partitioning and clustering of the table: set what the table has.
    ...formOf(spec),
    createDisposition: "CREATE_NEVER",
    writeDisposition: destinationTable.tableId.includes("$") ? "WRITE_TRUNCATE" : "WRITE_TRUNCATE_DATA",
  };
}

/** Partitioning and clustering of the data set's table, as the warehouse stack declares them. */
export function formOf({ partition, cluster }: DatasetSpec) {
  return {
    ...(partition && {
      timePartitioning: { type: partition.granularity.toUpperCase(), field: partition.column },
    }),
    ...(cluster.length > 0 && { clustering: { fields: [...cluster] } }),
  };
}

/** The columns in the form of BigQuery's API, as the warehouse stack declares them. */
export function fieldsOf(spec: DatasetSpec) {
  return tableColumns(spec).map(({ name, type, mode, description, policyTag }) => ({
    name,
    type,
    mode,
    description,
    ...(policyTag !== undefined && { policyTags: { names: [policyTag] } }),
  }));
}

/** The statement that replaces the period's rows in the data set's table with those of a staging table. */
export function replaceStatement(
  spec: DatasetSpec,
  period: Period,
  table: TableReference,
  staging: TableReference,
): string {
  const columns = tableColumns(spec)
    .map(({ name }) => `\`${name}\``)
    .join(", ");
  const rows = rowsOf(period);
  return [
    "BEGIN TRANSACTION",
    `DELETE FROM ${quotedTable(table)} WHERE ${rows}`,
    `INSERT INTO ${quotedTable(table)} (${columns}) SELECT ${columns} FROM ${quotedTable(staging)}`,
    "COMMIT TRANSACTION;",
  ].join(";\n");
}

/** The condition that selects the rows of a period, in BigQuery. */
export function rowsOf(period: Period): string {
  if (period.grain === "once") return "true";
  return `${periodColumn.name} = ${period.grain === "hour" ? "DATETIME" : "DATE"} '${period.startText}'`;
}

/** The name of a table in a statement. */
export function quotedTable({ projectId, datasetId, tableId }: TableReference): string {
  return `\`${projectId}.${datasetId}.${tableId}\``;
}

/** Labels of the job, by which bills and job lists can be grouped. */
export function labelsOf({ id }: DatasetSpec, { label }: Period): Record<string, string> {
  return { program: "tributary-ingest", dataset: id, period: label.toLowerCase() };
}

/** The specification's name of a type, for which the API may return a synonym. */
export function standardType(type: string): string {
  const names: Readonly<Record<string, ColumnType>> = {
    INT64: "INTEGER",
    FLOAT64: "FLOAT",
    BOOL: "BOOLEAN",
    DECIMAL: "NUMERIC",
  };
  return names[type] ?? type;
}
