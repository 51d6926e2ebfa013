import type { DatasetSpec } from "../../dataset";

/** Delimiter and quote of a CSV text, as bytes. */
export interface CsvDialect {
  readonly delimiter: number;
  readonly quote: number;
}

export const newline = 10;
export const carriageReturn = 13;
export const space = 32;
export const tab = 9;

export function csvDialect({ source }: Pick<DatasetSpec, "source">): CsvDialect {
  return { delimiter: source.delimiter.charCodeAt(0), quote: source.quote.charCodeAt(0) };
}
