import { once } from "node:events";
import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client } from "pg";

/** How somebody wants to log in: the first message of a connection to Postgres. */
export interface Startup {
  readonly user: string;
  readonly database: string;
  readonly message: Buffer;
}

/**
 * Reads the first message of a connection, and nothing after it.
 *
 * @throws Error when it is no login
 */
export async function readStartup(client: Duplex): Promise<Startup> {
  let message = Buffer.alloc(0);
  while (message.length < 4 || message.length < message.readInt32BE()) {
    const chunk: unknown = client.read();
    if (Buffer.isBuffer(chunk)) message = Buffer.concat([message, chunk]);
    else await once(client, "readable");
  }
  // Its length, the protocol's version, then names and values with a zero after each.
  const words = message.subarray(8).toString().split("\0");
  const value = (name: string) => words[words.findIndex((word, i) => i % 2 === 0 && word === name) + 1];
  const user = value("user");
  if (message.readInt32BE(4) !== protocol || user === undefined)
    throw new Error("the first message is no login of Postgres' protocol 3.0");
  return { user, database: value("database") ?? user, message };
}

const protocol = 0x3_0000;

/** Hands a login on as it is: Postgres asks for the password itself. */
export function logIn(url: string, { message }: Startup): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(message);
  return socket;
}

/**
 * Lets somebody in without a password, as Cloud SQL does when it knows by other means who it is: logs in as a
 * superuser, and takes on the user.
 *
 * @param url of the superuser
 * @returns the connection, and what the server had said at its login
 * @throws Error of Postgres when there is no such user or database
 */
export async function logInAs(
  url: string,
  { user, database }: Startup,
): Promise<{ readonly socket: Socket; readonly greeting: Buffer }> {
  const { hostname, port, username, password } = new URL(url);
  const said: Buffer[] = [];
  const socket = new Socket().on("data", (chunk: Buffer) => said.push(chunk));
  const client = new Client({
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database,
    stream: () => socket,
  });
  // A connection that breaks later is seen by who uses the socket.
  client.on("error", () => undefined);
  await client.connect();
  const greeting = greetingIn(Buffer.concat(said));
  try {
    await client.query(`SET SESSION AUTHORIZATION ${client.escapeIdentifier(user)}`);
  } catch (error) {
    await client.end();
    throw error;
  }
  socket.removeAllListeners("data");
  return { socket, greeting };
}

/** From "the password is right" to "ready for a query". Each message is a letter, its length and what it says. */
function greetingIn(said: Buffer): Buffer {
  let at = 0;
  const is = (letter: string) => said.toString("latin1", at, at + 1) === letter;
  const passed = () => is("R") && said.readInt32BE(at + 5) === 0;
  while (at < said.length && !passed()) at += 1 + said.readInt32BE(at + 1);
  return said.subarray(at);
}

/** What Postgres says before it closes a connection whose login it refuses. */
export function refusal(text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C28000\0M${text}\0\0`);
  const head = Buffer.from("E\0\0\0\0");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
