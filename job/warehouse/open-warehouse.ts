import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

/**
 * Opens the warehouse read-only and closes it after `use`.
 *
 * @throws Error when another process is writing to it
 */
export async function withWarehouse<T>(
  file: string,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  try {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
