import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { copyHeader, copyTrailer } from "./copy-encoder";

export interface CopyTarget {
  /** Opens a connection to the database; `copyRows` closes it. */
  readonly connect: () => Promise<Client>;
  readonly table: string;
  /** Quoted names, in the order of the rows' columns. */
  readonly columns: readonly string[];
  /** The next rows in the binary format of COPY, or undefined at the end. Not called again before it resolves. */
  readonly source: () => Promise<Buffer | undefined>;
  readonly streams: number;
}

/**
 * Copies rows into a table over several connections in parallel. The order of rows is not preserved.
 *
 * @returns the number of rows that the database reports
 */
export async function copyRows({ connect, table, columns, source, streams }: CopyTarget): Promise<number> {
  const { next, idle } = oneAtATime(source);
  const clients: Client[] = [];
  const failed = new AbortController();
  try {
    for (let index = 0; index < streams; index += 1) clients.push(await connect());
    const command = `COPY ${table} (${columns.join(", ")}) FROM STDIN (FORMAT binary)`;
    const counts = await Promise.all(
      clients.map(async (client) => {
        const copy = client.query(from(command));
        try {
          await pipeline(encoded(next), copy, { signal: failed.signal });
          return copy.rowCount;
        } catch (error) {
          // The first error is the cause: abort the other streams.
          failed.abort();
          throw error;
        }
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await idle();
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function* encoded(next: CopyTarget["source"]): AsyncGenerator<Buffer> {
  yield copyHeader;
  for (let rows = await next(); rows !== undefined; rows = await next()) yield rows;
  yield copyTrailer;
}

/** Serializes calls of a source that several streams share; `idle` waits for the last call. */
function oneAtATime<Item>(source: () => Promise<Item>) {
  let last: Promise<unknown> = Promise.resolve();
  const next = () => {
    const mine = last.then(source);
    last = mine.catch(() => undefined);
    return mine;
  };
  return { next, idle: () => last };
}
