import type { DuckDBConnection } from "@duckdb/node-api";
import { revenueMart } from "../../dataset";
import { queryNumber, queryRows } from "../../job/engine/rows";
import { quoteIdentifier, quoteLiteral } from "../../job/engine/sql";
import { duckdbTypes } from "../../job/engine/types";
import { Failure } from "../../job/failure";
import type { MonthRange } from "./months";

/** What a table has after a load. */
export interface Loaded {
  /** Months that have rows, of those that were replaced. */
  readonly months: number;
  readonly rows: number;
  readonly trips: number;
  /** In dollars, with all digits. */
  readonly revenue: string;
}

const table = `core.${revenueMart.name}`;

/**
 * Replaces months of the mart in one transaction, with the rows of the lake's files.
 *
 * @param files files of the mart in the lake
 * @param range the months that are replaced. @default - all
 * @throws Failure integrity when the table does not have what the files have
 */
export async function loadMonths(
  connection: DuckDBConnection,
  files: readonly string[],
  range: MonthRange | undefined,
): Promise<Loaded> {
  const replaced =
    range === undefined ? "true" : `revenue_month BETWEEN DATE '${range.from}-01' AND DATE '${range.to}-01'`;
  await connection.run("BEGIN");
  try {
    await connection.run("CREATE SCHEMA IF NOT EXISTS core");
    await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (${columns.join(", ")})`);
    await connection.run(`DELETE FROM ${table} WHERE ${replaced}`);
    const paths = `[${files.map(quoteLiteral).join(", ")}]`;
    const rows = `read_parquet(${paths}, hive_partitioning = false)`;
    if (files.length > 0) await connection.run(`INSERT INTO ${table} BY NAME SELECT * FROM ${rows}`);
    const expected = files.length === 0 ? 0 : await queryNumber(connection, `SELECT count(*) FROM ${rows}`);
    const loaded = await loadedIn(connection, replaced);
    if (loaded.rows !== expected)
      throw new Failure(
        "integrity",
        `${table} would have ${loaded.rows} rows of these months instead of ${expected}; it is not changed`,
      );
    await connection.run("COMMIT");
    return loaded;
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function loadedIn(connection: DuckDBConnection, replaced: string): Promise<Loaded> {
  const [row] = await queryRows(
    connection,
    `SELECT count(DISTINCT revenue_month) AS months, count(*) AS rows,
            coalesce(sum(total_monthly_trips), 0)::BIGINT AS trips,
            coalesce(sum(revenue_monthly_total_amount), 0)::DECIMAL(38, 2)::VARCHAR AS revenue
     FROM ${table} WHERE ${replaced}`,
  );
  return {
    months: Number(row?.["months"]),
    rows: Number(row?.["rows"]),
    trips: Number(row?.["trips"]),
    revenue: String(row?.["revenue"]),
  };
}

const columns = revenueMart.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${duckdbTypes[type]}`);
