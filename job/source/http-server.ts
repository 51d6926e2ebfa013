import type { Headers } from "./http-request";
import type { Server } from "./download";

/**
 * A server without authentication, or with basic authentication.
 *
 * @param address may contain user and password, which are not sent to other hosts after a redirect
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

/** Decodes percent-encoding, if it is valid. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
