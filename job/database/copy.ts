import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { copyHeader, copyTrailer } from "./copy-encoder";

/** Next rows in the binary form of COPY, or undefined at the end. */
export type CopySource = () => Promise<Buffer | undefined>;

export interface CopyTarget {
  readonly table: string;
  /** Quoted names, in the order of the rows' columns. */
  readonly columns: readonly string[];
}

/**
 * Copies rows into a table that this connection's transaction has created or emptied: nobody else sees it, so that its
 * rows need no marks of who may see them (FREEZE), and, where the server has no replicas, no write-ahead log.
 *
 * @returns how many rows the database says it has taken
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
