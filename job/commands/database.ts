import { once } from "node:events";
import { startEmbeddedPostgres } from "../../embedded-postgres";
import type { Home } from "../home";

/** `ingest database`: starts the home's Postgres for other programs to query, and stops it when interrupted. */
export async function databaseCommand(home: Home, say: (text: string) => void): Promise<void> {
  const server = await startEmbeddedPostgres(home.database);
  try {
    const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    say(`${server.url}\n`);
    await interrupted;
  } finally {
    await server.stop();
  }
}
