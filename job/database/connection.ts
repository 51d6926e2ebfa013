import pRetry from "p-retry";
import { Client, type ClientConfig, DatabaseError } from "pg";
import { codeOf, messageOf } from "../../errors/thrown";
import { Failure } from "../failure";

/** A Postgres server and database to connect to. */
export interface Server {
  /** Its address for messages, without the password. */
  readonly shown: string;
  /** Options for each connection. */
  readonly options: ClientConfig;
}

/** The database at `postgres://user:password@host:port/name`. */
export function serverAt(url: string): Server {
  return { shown: shownUrl(url), options: { connectionString: url } };
}

/**
 * Connects, with a few retries.
 *
 * @throws Failure retryable when the server cannot be reached, permanent when it rejects the user or database
 */
export async function connected(server: Server): Promise<Client> {
  const connect = async () => {
    const client = new Client({
      ...server.options,
      application_name: "tributary",
      connectionTimeoutMillis: 15_000,
    });
    // The next query reports a broken connection; without a listener, the event would end the process.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  try {
    return await pRetry(connect, {
      retries: 3,
      minTimeout: 200,
      shouldRetry: ({ error }) => !(error instanceof DatabaseError) || error.code?.startsWith("57") === true,
    });
  } catch (error) {
    throw explained(error, server, `database ${server.shown} cannot be reached`);
  }
}

/** Adds the database to an error, and whether a retry can help. */
export function explained(error: unknown, { shown }: Server, what = `database ${shown}`): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const message = `${what}: ${messageOf(error) || (code ?? "unknown error")}`;
  // Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html
  const classes = { access: ["28", "3D", "42"], transient: ["08", "40", "53", "55", "57"] };
  if (error instanceof DatabaseError && code !== undefined && !classes.transient.includes(code.slice(0, 2))) {
    const advice = classes.access.includes(code.slice(0, 2))
      ? "; check the user, the password and the user's privileges"
      : "";
    return new Failure("permanent", `${message}${advice}`, { cause: error });
  }
  if (code === "53100") return new Failure("retryable", `${message}; its disk is full`, { cause: error });
  return new Failure("retryable", message, { cause: error });
}

/** `postgres://user@host:5432/name`: without the password. */
function shownUrl(url: string): string {
  try {
    const { username, host, pathname } = new URL(url);
    return `postgres://${username === "" ? "" : `${username}@`}${host}${pathname}`;
  } catch {
    return "(address is not a valid URL)";
  }
}
