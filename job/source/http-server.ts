import type { Headers } from "./http-request";
import type { Server } from "./download";

/**
 * A server that is asked without credentials, or with the user and password of the address.
 *
 * @param address they are sent only to its own host: where it redirects to, they are nobody's business
 */
export function httpServer(address: string): Server {
  const { username, password } = new URL(address);
  const user = [username, password].map(plain).join(":");
  const authorization = `Basic ${Buffer.from(user).toString("base64")}`;
  return {
    precondition: "if-range",
    headers: (_url, redirected, wanted): Headers =>
      username === "" || redirected ? wanted : { ...wanted, authorization },
  };
}

/** As written before it became part of an address; a lone percent sign stands for itself. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
