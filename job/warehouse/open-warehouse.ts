import type { DuckDBConnection } from "@duckdb/node-api";
import { openWaiting } from "../engine/open-waiting";

/**
 * Opens the warehouse read-only and closes it after `use`.
 *
 * @param waiting called once when another process is writing to it
 * @throws Failure retryable when that process still has it open after 30 minutes
 */
export async function withWarehouse<T>(
  file: string,
  use: (connection: DuckDBConnection) => Promise<T>,
  waiting: (holder: string) => void = () => undefined,
): Promise<T> {
  const instance = await openWaiting(file, { access_mode: "READ_ONLY" }, waiting);
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
