import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { Authority } from "./certificates";
import type { Front } from "./front";
import { close, listen } from "./listening";
import { logIn, logInAs, readStartup, refusal } from "./postgres-session";
import { startSqlAdmin } from "./sql-admin";

/** A login to the instance. */
export interface Login {
  readonly user: string;
  readonly database: string;
  /** The access token of a login with IAM; undefined for a login with a password. */
  readonly token: string | undefined;
}

/** A local server that behaves like a Cloud SQL instance for the official connectors. */
export interface CloudSql {
  /** The SQL Admin API: its `url` is the connector's `sqlAdminAPIEndpoint`. */
  readonly api: Front;
  /** Address of the server, on port 3307. */
  readonly ipAddress: string;
  readonly logins: readonly Login[];
  /** Number of open connections. */
  connections(): number;
  /** Closes all connections, as during maintenance. New connections are accepted. */
  breakConnections(): void;
  stop(): Promise<void>;
}

/** Why the server cannot run on this machine, or undefined. */
export function missingCloudSql(): string | undefined {
  return process.platform === "linux"
    ? undefined
    : "Cloud SQL connectors always use port 3307, and only Linux has more than one loopback address for it";
}

/**
 * Starts the parts of Cloud SQL that the official connectors use, in front of a Postgres: the API that returns addresses
 * and certificates, and the proxy at the instance, which requires such a certificate. Logins with IAM require no
 * password; the user must exist in the Postgres.
 *
 * @param postgres `postgres://…` of a superuser
 * @param connectionName `project:region:instance`
 */
export async function startCloudSql(postgres: string, connectionName: string): Promise<CloudSql> {
  const [project = "", , instance = ""] = connectionName.split(":");
  const authority = new Authority("Cloud SQL");
  const logins: Login[] = [];
  const open = new Set<Socket>();
  const proxy = createServer(
    {
      ...authority.identity(`${project}:${instance}`),
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.3",
    },
    (client) => {
      open.add(client);
      client.once("close", () => open.delete(client)).on("error", () => client.destroy());
      letIn(client).catch(() => client.destroy());
    },
  );
  const ipAddress = await listenOnPort(3307, proxy);
  const api = await startSqlAdmin({ connectionName, ipAddress }, authority);

  const letIn = async (client: TLSSocket) => {
    const startup = await readStartup(client);
    const { user, database } = startup;
    const token = api.tokenOf(client.getPeerCertificate().serialNumber);
    logins.push({ user, database, token });
    if (token === undefined) {
      join(client, logIn(postgres, startup));
      return;
    }
    try {
      const { socket, greeting } = await logInAs(postgres, startup);
      client.write(greeting);
      join(client, socket);
    } catch (error) {
      client.end(refusal(`Cloud SQL IAM user authentication failed for user "${user}": ${String(error)}`));
    }
  };
  const breakConnections = () => {
    for (const client of open) client.destroy();
  };
  return {
    api,
    ipAddress,
    logins,
    connections: () => open.size,
    breakConnections,
    stop: async () => {
      breakConnections();
      await Promise.all([api.stop(), close(proxy)]);
    },
  };
}

/** Listens on a loopback address where the port is free, and returns the address. */
async function listenOnPort(port: number, server: Server, attempts = 5): Promise<string> {
  const address = ["127", ...[1, 2, 3].map(() => randomInt(1, 255))].join(".");
  try {
    await listen(server, port, address);
    return address;
  } catch (error) {
    if (attempts === 1 || !String(error).includes("EADDRINUSE")) throw error;
    return listenOnPort(port, server, attempts - 1);
  }
}

/** Connects two streams in both directions. If one ends or breaks, so does the other. */
function join(one: Duplex, other: Duplex): void {
  const pass = (from: Duplex, to: Duplex) => {
    from
      .on("error", () => to.destroy())
      .once("close", () => {
        if (!from.readableEnded) to.destroy();
      });
    from.pipe(to);
  };
  pass(one, other);
  pass(other, one);
}
