import pRetry from "p-retry";
import { Client, type ClientConfig, DatabaseError } from "pg";
import { codeOf, messageOf } from "../../errors/thrown";
import { Failure } from "../failure";

/** A Postgres that can be connected to. */
export interface Server {
  /** Its address, for messages: without a password. */
  readonly shown: string;
  /** What each connection is made with. */
  readonly options: ClientConfig;
}

/** The Postgres at `postgres://user:password@host:port/name`. */
export function serverAt(url: string): Server {
  return { shown: shownUrl(url), options: { connectionString: url } };
}

/**
 * A connection to a Postgres, after a few attempts.
 *
 * @throws Failure retryable when it cannot be reached, permanent when it refuses this user or database
 */
export async function connected(server: Server): Promise<Client> {
  const connect = async () => {
    const client = new Client({
      ...server.options,
      application_name: "tributary",
      connectionTimeoutMillis: 15_000,
    });
    // A connection that breaks between two queries shows at the next one; unheard, the event would end the process.
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
    throw explained(error, server, `the database ${server.shown} cannot be reached`);
  }
}

/** Adds where it happened, and whether trying again can help. */
export function explained(error: unknown, { shown }: Server, what = `the database ${shown} failed`): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const message = `${what}: ${messageOf(error) || (code ?? "no reason given")}`;
  // Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html
  const classes = { access: ["28", "3D", "42"], passing: ["08", "40", "53", "55", "57"] };
  if (error instanceof DatabaseError && code !== undefined && !classes.passing.includes(code.slice(0, 2))) {
    const advice = classes.access.includes(code.slice(0, 2))
      ? "; check the user, the password and its rights"
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
    return "(its address is no URL)";
  }
}
