import { once } from "node:events";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client } from "pg";

/** The startup message of a connection to Postgres. */
export interface Startup {
  readonly user: string;
  readonly database: string;
  readonly message: Buffer;
}

/**
 * Reads the first message of a connection.
 *
 * @throws Error when it is not a startup message
 */
export async function readStartup(client: Duplex): Promise<Startup> {
  let message = Buffer.alloc(0);
  while (message.length < 4 || message.length < message.readInt32BE()) {
    const chunk: unknown = client.read();
    if (Buffer.isBuffer(chunk)) message = Buffer.concat([message, chunk]);
    else await once(client, "readable");
  }
  // Length, protocol version, then null-terminated names and values.
  const words = message.subarray(8).toString().split("\0");
  const value = (name: string) => words[words.findIndex((word, i) => i % 2 === 0 && word === name) + 1];
  const user = value("user");
  if (message.readInt32BE(4) !== protocol || user === undefined)
    throw new Error("the first message is not a startup message of the Postgres protocol 3.0");
  return { user, database: value("database") ?? user, message };
}

const protocol = 0x3_0000;

/** Forwards a login unchanged: Postgres requests the password itself. */
export function logIn(url: string, { message }: Startup): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(message);
  return socket;
}

/**
 * Logs in a user without a password, as Cloud SQL does after IAM authentication: logs in as a superuser and switches to
 * the user.
 *
 * @param url of the superuser
 * @returns the connection, and the messages of the server during the login
 * @throws Error of Postgres when the user or database does not exist
 */
export async function logInAs(
  url: string,
  { user, database }: Startup,
): Promise<{ readonly socket: Socket; readonly greeting: Buffer }> {
  const { hostname, port, username, password } = new URL(url);
  const received: Buffer[] = [];
  const socket = new Socket().on("data", (chunk: Buffer) => received.push(chunk));
  const client = new Client({
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database,
    stream: () => socket,
  });
  // The user of the socket handles a connection that breaks later.
  client.on("error", () => undefined);
  await client.connect();
  const greeting = greetingIn(Buffer.concat(received));
  try {
    await client.query(`SET SESSION AUTHORIZATION ${client.escapeIdentifier(user)}`);
  } catch (error) {
    await client.end();
    throw error;
  }
  socket.removeAllListeners("data");
  return { socket, greeting };
}

/** The messages from AuthenticationOk to ReadyForQuery. Each message is a letter, its length and its content. */
function greetingIn(received: Buffer): Buffer {
  let at = 0;
  const is = (letter: string) => received.toString("latin1", at, at + 1) === letter;
  const passed = () => is("R") && received.readInt32BE(at + 5) === 0;
  while (at < received.length && !passed()) at += 1 + received.readInt32BE(at + 1);
  return received.subarray(at);
}

/** The message of Postgres that rejects a login. */
export function refusal(text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C28000\0M${text}\0\0`);
  const head = Buffer.from("E\0\0\0\0");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
