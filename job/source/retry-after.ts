/** What a server asks for that is busy. */
export class Busy extends Error {
  override readonly name = "Busy";
  constructor(
    message: string,
    /** How long it asks to be left alone, in milliseconds; undefined when it does not say. */
    readonly wait: number | undefined,
  ) {
    super(message);
  }
}

/**
 * The wait that a Retry-After header asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3).
 *
 * @returns undefined when there is no header, or none that can be read
 */
export function retryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse reads much else: `soon 2` is a date to it.
  const date = /^(mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
