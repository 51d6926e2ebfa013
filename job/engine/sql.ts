import { type DatasetSpec, type Period, periodColumn, tableColumns } from "../../dataset";

/** SQL from values, for DuckDB and Postgres: both escape a quote by doubling it. */

export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The condition that selects the rows of a period, in DuckDB and Postgres. */
export function inPeriod(period: Period): string {
  return period.grain === "once" ? "true" : `${periodColumn.name} = ${periodLiteral(period)}`;
}

/** The value of the column `_period`, in DuckDB and Postgres. */
export function periodLiteral(period: Period): string {
  return `${period.grain === "hour" ? "TIMESTAMP" : "DATE"} ${quoteLiteral(period.startText)}`;
}

/** The rows of a period's Parquet file, with the columns in the order of the data set's table. */
export function parquetRows(spec: DatasetSpec, file: string): string {
  const names = tableColumns(spec).map(({ name }) => quoteIdentifier(name));
  return `SELECT ${names.join(", ")} FROM read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`;
}
