import type { DuckDBConnection } from "@duckdb/node-api";
import { type ColumnType, type DatasetSpec, tableColumns } from "../../dataset";
import { queryNumber } from "../engine/rows";
import { quoteIdentifier, quoteLiteral } from "../engine/sql";
import { maxRowBytes, rowHeaderBytes, tooWide } from "./schema";

/** Bytes in the row for a text that is stored out of line. A shorter text stays in the row, plus one byte of length. */
const pointerBytes = 18;
/** Bytes per value in a row, without the alignment to 8 bytes that a column of another length requires before it. */
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
 * Checks that the rows of a Parquet file fit into Postgres' pages. It reads the file only for data sets that are wide
 * enough to exceed them.
 *
 * @throws Failure permanent with the length of the longest row
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
    throw tooWide(spec, `a row has ${longest} bytes, but Postgres allows at most ${maxRowBytes}`);
  }
}
