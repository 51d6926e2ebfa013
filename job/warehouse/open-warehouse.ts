import { existsSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import * as z from "zod/mini";
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

/**
 * The periods in the ledger of a warehouse file by data set, without waiting for a process that writes to it.
 *
 * @returns undefined if another process is writing to it; empty if it does not exist
 */
export async function ledgerOf(file: string): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  if (!existsSync(file)) return new Map();
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" }).catch(() => undefined);
  if (instance === undefined) return undefined;
  try {
    const connection = await instance.connect();
    try {
      const sql = `SELECT dataset, list(period) AS periods FROM tributary.ledger AS l
                   WHERE EXISTS (FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name = l.dataset) GROUP BY ALL`;
      const rows = await connection.runAndReadAll(sql).catch(() => undefined);
      const shape = z.array(z.object({ dataset: z.string(), periods: z.array(z.string()) }));
      const entries = shape.parse(rows?.getRowObjectsJson() ?? []);
      return new Map(entries.map(({ dataset, periods }) => [dataset, new Set(periods)]));
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
