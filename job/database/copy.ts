import { pipeline } from "node:stream/promises";
import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { copyHeader, copyTrailer, encodeChunk } from "./copy-encoder";

export interface CopyTarget {
  /** A new connection to the database; closed again here. */
  readonly connect: () => Promise<Client>;
  readonly table: string;
  /** Quoted names, in the order of the chunks' columns. */
  readonly columns: readonly string[];
  /** Next rows, or undefined at the end. Never called again before it has answered. */
  readonly source: () => Promise<DuckDBDataChunk | undefined>;
  readonly streams: number;
}

/** Copies rows into a table over several connections at once. The order of rows is not kept. */
export async function copyRows({ connect, table, columns, source, streams }: CopyTarget): Promise<void> {
  const { next, idle } = oneAtATime(source);
  const clients: Client[] = [];
  const failed = new AbortController();
  try {
    for (let index = 0; index < streams; index += 1) clients.push(await connect());
    const command = `COPY ${table} (${columns.join(", ")}) FROM STDIN (FORMAT binary)`;
    await Promise.all(
      clients.map((client) =>
        pipeline(encoded(next), client.query(from(command)), { signal: failed.signal }).catch(
          (error: unknown) => {
            // One stream's failure ends the others; theirs would only say that they were ended.
            failed.abort();
            throw error;
          },
        ),
      ),
    );
  } finally {
    await idle();
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function* encoded(next: CopyTarget["source"]): AsyncGenerator<Buffer> {
  yield copyHeader;
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield encodeChunk(chunk);
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
