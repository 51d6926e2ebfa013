/** Gives a run on one machine a Postgres of its own: an ordinary server from an npm package, on a free port. */
import { findBinaries } from "./binaries";
import { openCluster, user } from "./cluster";
import { EmbeddedPostgresError, isDiskFull } from "./error";
import { findPlace } from "./place";
import { joinServer } from "./server";

export { EmbeddedPostgresError };

export interface EmbeddedPostgres {
  /** Where to connect, with the password: `postgres://…@127.0.0.1:<port>/postgres`. Never print it. */
  readonly url: string;
  /**
   * Stops the server and waits for it; another process that uses it keeps it running, and the last one stops it.
   * May be called twice.
   *
   * @throws EmbeddedPostgresError if the server does not stop
   */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres whose data live in `folder`, which is created on first use; or joins the one that another
 * process has started there or a killed one left running. Waits until it accepts connections, a crash recovery
 * included. Its data outlive it.
 *
 * @throws EmbeddedPostgresError if it cannot be started; the message says why and what to do
 */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  try {
    return await start(folder);
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresError) throw cause;
    throw new EmbeddedPostgresError(
      isDiskFull(cause) ? "retryable" : "permanent",
      `Postgres in ${folder} cannot be used: ${String(cause)}\n` +
        "If another user made the folder (root perhaps), run this as that user; or remove it to begin anew.",
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
