import { Failure } from "../failure";
import type { Answer } from "./http-request";
import { Busy, retryAfter } from "./retry-after";

/**
 * The error for a response without the file.
 *
 * @param shown the address, for messages
 * @returns Busy when a retry may help, otherwise a Failure
 */
export function refusal({ status, statusText, header }: Answer, shown: string, now: Date): Error {
  const permanent = (message: string) => new Failure("permanent", `${shown} ${message}`);
  const busy = (what: string) => new Busy(`${what} (${statusText})`, retryAfter(header("retry-after"), now));
  switch (status) {
    case 404:
    case 410:
      return permanent(`does not exist (${statusText}): it is not published yet, or has moved`);
    case 401:
    case 403:
      return permanent(`cannot be read (${statusText}): check the address and its permissions`);
    case 407:
      return permanent(`cannot be reached (${statusText}): check the user and password of the proxy`);
    case 202:
      return busy("the server is still preparing the file");
    case 408:
    case 412:
    case 416:
    case 425:
    case 429:
      return busy("the server rejected the request");
    default:
      return status >= 500
        ? busy("the server returned an error")
        : permanent(`cannot be read (${statusText})`);
  }
}
