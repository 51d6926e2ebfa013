import type { DuckDBConnection } from "@duckdb/node-api";
import { type ColumnType, type DatasetSpec, tableColumns } from "../../dataset";
import { queryNumber } from "../engine/rows";
import { quoteIdentifier, quoteLiteral } from "../engine/sql";
import { maxRowBytes, rowHeaderBytes, tooWide } from "./schema";

/** A text that is moved out of its row leaves so many bytes there; a shorter one stays, with a byte for its length. */
const pointerBytes = 18;
/** Bytes of a value in a row; 8 of alignment before it where another length may stand in front. */
const fixed: Readonly<Record<Exclude<ColumnType, "STRING">, number>> = {
  INTEGER: 8,
  FLOAT: 8,
  NUMERIC: pointerBytes,
  BOOLEAN: 1,
  DATE: 4,
  DATETIME: 8,
  TIMESTAMP: 8,
};

/**
 * Makes sure that the rows of a Parquet file fit Postgres' pages; asked only of data sets so wide that they may not.
 *
 * @throws Failure permanent saying how long the longest row is
 */
export async function checkRowSizes(
  connection: DuckDBConnection,
  spec: DatasetSpec,
  parquet: string,
): Promise<void> {
  const columns = tableColumns(spec);
  const header = rowHeaderBytes(columns.length);
  const most = columns.reduce(
    (sum, { type }) => sum + (type === "STRING" ? pointerBytes : fixed[type]) + 7,
    header,
  );
  if (most <= maxRowBytes) return;
  const sizes = columns.map(({ name, type }, index) => {
    const column = quoteIdentifier(name);
    const before = columns[index - 1]?.type;
    const isAligned = type === "STRING" || before === type || before === undefined;
    const size =
      type === "STRING"
        ? `least(strlen(${column}) + 1, ${pointerBytes})`
        : String(fixed[type] + (isAligned ? 0 : 7));
    return `CASE WHEN ${column} IS NULL THEN 0 ELSE ${size} END`;
  });
  const longest = await queryNumber(
    connection,
    `SELECT max(${header} + ${sizes.join(" + ")}) FROM read_parquet(${quoteLiteral(parquet)}, hive_partitioning = false)`,
  );
  if (longest > maxRowBytes) {
    throw tooWide(
      spec,
      `a row of ${longest} bytes, more than the ${maxRowBytes} a page of Postgres can hold`,
    );
  }
}
