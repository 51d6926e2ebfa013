/** The part of a file that an answer holds. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  /** Bytes of the whole; undefined when the server does not know. */
  readonly total: number | undefined;
}

/** Reads a Content-Range header: `bytes 0-99/1234`; undefined when it is none, or makes no sense. */
export function contentRange(header: string | undefined): ContentRange | undefined {
  const [, from, to, of] = /^\s*bytes\s+(\d+)-(\d+)\/(\d+|\*)\s*$/i.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined || of === undefined) return undefined;
  const [first, last, total] = [Number(from), Number(to), of === "*" ? undefined : Number(of)];
  const sane = first <= last && last < (total ?? Infinity) && Number.isSafeInteger(last);
  return sane ? { first, last, total } : undefined;
}

/** The length that a refusal of a range tells (416): `bytes * /1234`. */
export function lengthOfUnsatisfied(header: string | undefined): number | undefined {
  const [, total] = /^\s*bytes\s+\*\/(\d+)\s*$/i.exec(header ?? "") ?? [];
  return total === undefined ? undefined : Number(total);
}
