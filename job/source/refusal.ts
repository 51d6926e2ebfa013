import { Failure } from "../failure";
import type { Answer } from "./http-request";
import { Busy, retryAfter } from "./retry-after";

/**
 * Why a server does not send the file.
 *
 * @param shown the address, for messages
 * @returns a Failure when asking again does not help, a Busy when it may
 */
export function refusal({ status, statusText, header }: Answer, shown: string, now: Date): Error {
  const permanent = (message: string) => new Failure("permanent", `${shown} ${message}`);
  const busy = (what: string) => new Busy(`${what} (${statusText})`, retryAfter(header("retry-after"), now));
  switch (status) {
    case 404:
    case 410:
      return permanent(`is not there (${statusText}): the source has not published it, or has moved`);
    case 401:
    case 403:
      return permanent(`may not be read (${statusText}): check its address and access`);
    case 407:
      return permanent(`cannot be reached (${statusText}): check user and password of the proxy`);
    case 202:
      return busy("the server is not done making the file");
    case 408:
    case 412:
    case 416:
    case 425:
    case 429:
      return busy("the server asks to wait");
    default:
      return status >= 500 ? busy("the server failed") : permanent(`was refused (${statusText})`);
  }
}
