/** Where in a CSV text a byte leaves the reader; line breaks end a record everywhere but in "quoted". */
export type CsvState = "field start" | "field" | "quoted" | "quote in quoted";

export interface CsvDialect {
  /** Character codes. */
  readonly delimiter: number;
  readonly quote: number;
}

export const newline = 10;
export const carriageReturn = 13;

/** The state after one more byte. A quote opens a field only at its start, and is doubled inside (RFC 4180). */
export function nextState(
  state: CsvState,
  byte: number | undefined,
  { delimiter, quote }: CsvDialect,
): CsvState {
  switch (state) {
    case "quoted":
      return byte === quote ? "quote in quoted" : "quoted";
    case "quote in quoted":
      return byte === quote ? "quoted" : afterText(byte, delimiter);
    case "field start":
      return byte === quote ? "quoted" : afterText(byte, delimiter);
    case "field":
      return afterText(byte, delimiter);
  }
}

function afterText(byte: number | undefined, delimiter: number): CsvState {
  return byte === delimiter || byte === newline ? "field start" : "field";
}
