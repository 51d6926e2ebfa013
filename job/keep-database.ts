import { once } from "node:events";
import { startEmbeddedPostgres } from "../embedded-postgres";
import type { Home } from "./home";

/** Starts the home's Postgres for other programs to query, and stops it when this one is interrupted. */
export async function keepDatabase(home: Home, say: (text: string) => void): Promise<void> {
  const server = await startEmbeddedPostgres(home.database);
  try {
    const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    say(`${server.url}\n`);
    await interrupted;
  } finally {
    await server.stop();
  }
}
