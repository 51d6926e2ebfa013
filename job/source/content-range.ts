/** The part of a file in a response. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  /** Bytes of the whole file; undefined when the server does not specify it. */
  readonly total: number | undefined;
}

/** Parses a Content-Range header: `bytes 0-99/1234`; undefined when it is missing or not valid. */
export function contentRange(header: string | undefined): ContentRange | undefined {
  const [, from, to, of] = /^\s*bytes\s+(\d+)-(\d+)\/(\d+|\*)\s*$/i.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined || of === undefined) return undefined;
  const [first, last, total] = [Number(from), Number(to), of === "*" ? undefined : Number(of)];
  const isValid = first <= last && last < (total ?? Infinity) && Number.isSafeInteger(last);
  return isValid ? { first, last, total } : undefined;
}

/** The length of the file in the Content-Range header of a 416 response: `bytes * /1234`. */
export function lengthOfUnsatisfied(header: string | undefined): number | undefined {
  const [, total] = /^\s*bytes\s+\*\/(\d+)\s*$/i.exec(header ?? "") ?? [];
  return total === undefined ? undefined : Number(total);
}
