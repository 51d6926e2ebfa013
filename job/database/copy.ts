import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { copyHeader, copyTrailer } from "./copy-encoder";

/** The next rows in the binary format of COPY, or undefined at the end. */
export type CopySource = () => Promise<Buffer | undefined>;

export interface CopyTarget {
  readonly table: string;
  /** Quoted names, in the order of the columns in the rows. */
  readonly columns: readonly string[];
}

/**
 * Copies rows into a table that the current transaction of this connection created or truncated. No other transaction
 * sees the table, so its rows are written as visible to all (FREEZE), and no later scan has to mark them.
 *
 * @returns the number of rows that the database reports
 */
export async function copyRows(
  client: Client,
  { table, columns }: CopyTarget,
  source: CopySource,
): Promise<number> {
  const copy = client.query(from(`COPY ${table} (${columns.join(", ")}) FROM STDIN (FORMAT binary, FREEZE)`));
  await pipeline(encoded(source), copy);
  return copy.rowCount;
}

async function* encoded(next: CopySource): AsyncGenerator<Buffer> {
  yield copyHeader;
  for (let rows = await next(); rows !== undefined; rows = await next()) yield rows;
  yield copyTrailer;
}
