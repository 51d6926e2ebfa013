/** Runs a Postgres server from an npm package on a port of this machine, the same one for the same folder if it is free. */
import { findBinaries } from "./binaries";
import { openCluster, user } from "./cluster";
import { EmbeddedPostgresError, isDiskFull } from "./error";
import { findPlace } from "./place";
import { joinServer } from "./server";

export { EmbeddedPostgresError };

export interface EmbeddedPostgres {
  /** Connection URL with the password: `postgres://…@127.0.0.1:<port>/postgres`. Never print it. */
  readonly url: string;
  /**
   * Stops the server and waits until it has stopped. If other processes use the server, it keeps running until the last
   * of them stops it. Calling it again has no effect.
   *
   * @throws EmbeddedPostgresError if the server does not stop
   */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres server with the data in `folder`, which is created on first use. If a server is already running
 * there, started by another process or left by a killed one, connects to that one. Waits until it accepts connections,
 * including crash recovery. The data persists after the server stops.
 *
 * @throws EmbeddedPostgresError if it cannot be started; the message contains the reason and the remedy
 */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  try {
    return await start(folder);
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresError) throw cause;
    throw new EmbeddedPostgresError(
      isDiskFull(cause) ? "retryable" : "permanent",
      `Postgres in ${folder} cannot be used: ${String(cause)}\n` +
        "If another user (for example root) created the folder, run the command as that user, or remove the folder to " +
        "start with an empty database.",
      { cause },
    );
  }
}

async function start(folder: string): Promise<EmbeddedPostgres> {
  const place = await findPlace(folder);
  const binaries = await findBinaries(place.account);
  const cluster = await openCluster(place, binaries);
  const { port, release } = await joinServer({ cluster, binaries, account: place.account });
  let stopped: Promise<void> | undefined;
  return {
    url: `postgres://${user}:${cluster.password}@127.0.0.1:${port}/postgres?sslmode=disable`,
    stop: () => (stopped ??= release()),
  };
}
