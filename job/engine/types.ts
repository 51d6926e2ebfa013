import type { ColumnType } from "../../dataset";

/** The DuckDB type of each column type, in Parquet files and in the warehouse on a laptop. */
export const duckdbTypes: Readonly<Record<ColumnType, string>> = {
  STRING: "VARCHAR",
  INTEGER: "BIGINT",
  FLOAT: "DOUBLE",
  // BigQuery's NUMERIC has 38 digits, 9 of them after the decimal point.
  NUMERIC: "DECIMAL(38,9)",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  DATETIME: "TIMESTAMP",
  TIMESTAMP: "TIMESTAMPTZ",
};
