import { once } from "node:events";
import { existsSync } from "node:fs";
import { startEmbeddedPostgres } from "../../embedded-postgres";
import type { Home } from "../home";

/**
 * `ingest database`: starts the Postgres server of the home for other programs, and stops it when interrupted.
 *
 * @param print prints what programs read: the URL
 * @param say prints what people read
 */
export async function databaseCommand(
  home: Home,
  print: (text: string) => void,
  say: (text: string) => void,
): Promise<void> {
  if (!existsSync(home.database)) say(`Creating ${home.database}, which takes a few seconds.`);
  const server = await startEmbeddedPostgres(home.database);
  try {
    const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    print(`${server.url}\n`);
    say(connections(server.url));
    await interrupted;
  } finally {
    await server.stop();
  }
}

/** How to connect with other programs. */
function connections(url: string): string {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  return [
    `psql:  PGPASSWORD='${password}' psql -h ${hostname} -p ${port} -U ${username} ${database}`,
    `JDBC:  jdbc:postgresql://${hostname}:${port}/${database}?user=${username}&password=${password}&sslmode=disable`,
    "The tables are in the schema raw. The port stays the same for this folder, as long as it is free.",
    "Press Ctrl-C to stop.",
  ].join("\n");
}
