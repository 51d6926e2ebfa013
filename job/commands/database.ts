import { once } from "node:events";
import { startEmbeddedPostgres } from "../../embedded-postgres";
import type { Home } from "../home";

/** `ingest database`: starts the Postgres server of the home for other programs, and stops it when interrupted. */
export async function databaseCommand(home: Home, print: (text: string) => void): Promise<void> {
  const server = await startEmbeddedPostgres(home.database);
  try {
    const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    print(`${server.url}\n`);
    await interrupted;
  } finally {
    await server.stop();
  }
}
