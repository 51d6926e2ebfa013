/** The server cannot serve the request now; a retry may help. */
export class Busy extends Error {
  override readonly name = "Busy";
  constructor(
    message: string,
    /** The wait that the server requests, in milliseconds; undefined when it does not. */
    readonly wait: number | undefined,
  ) {
    super(message);
  }
}

/**
 * The wait of a Retry-After header, in milliseconds: seconds or a date (RFC 9110, 10.2.3).
 *
 * @returns undefined when the header is missing or not valid
 */
export function retryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse accepts other texts, such as `soon 2`.
  const date = /^(mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
