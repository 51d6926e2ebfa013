import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { copyHeader, copyTrailer } from "./copy-encoder";

export interface CopyTarget {
  /** A new connection to the database; closed again here. */
  readonly connect: () => Promise<Client>;
  readonly table: string;
  /** Quoted names, in the order of the rows' columns. */
  readonly columns: readonly string[];
  /** Next rows in the binary form of COPY, or undefined at the end. Never called again before it has answered. */
  readonly source: () => Promise<Buffer | undefined>;
  readonly streams: number;
}

/**
 * Copies rows into a table over several connections at once. The order of rows is not kept.
 *
 * @returns how many rows the database says it has taken
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
          // One stream's failure ends the others; theirs would only say that they were ended.
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

/** Lets several takers share a source that answers one question at a time; `idle` waits for its last answer. */
function oneAtATime<Item>(source: () => Promise<Item>) {
  let last: Promise<unknown> = Promise.resolve();
  const next = () => {
    const mine = last.then(source);
    last = mine.catch(() => undefined);
    return mine;
  };
  return { next, idle: () => last };
}
