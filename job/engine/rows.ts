import type { DuckDBConnection } from "@duckdb/node-api";

/** The rows of a query, as JSON values: integers beyond 2^53 and dates are strings. */
export async function queryRows(
  connection: DuckDBConnection,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson().map((row) => ({ ...row }));
}

/** The single number that a query returns. */
export async function queryNumber(connection: DuckDBConnection, sql: string): Promise<number> {
  const [row] = await queryRows(connection, sql);
  return Number(Object.values(row ?? {})[0] ?? 0);
}
