import { carriageReturn, newline, space, tab, type CsvDialect } from "./csv-dialect";
import type { Automaton } from "./automaton";

/** What follows a byte inside a field: another state of the same field, or an exit. */
export type After = number | Exit;

/** How a field ends: the first three after a valid value, the others after an invalid one. */
export type Exit =
  | "delimiter"
  | "line feed"
  | "carriage return"
  | "lost"
  | "lost text"
  | "lost quoted"
  | "lost break"
  | "unsure";

/** The states within one field, as long as its bytes are valid. The first is the state before the first byte. */
export interface ColumnBlock {
  readonly places: readonly BlockPlace[];
}

export interface BlockPlace {
  /** In quotes, right after a line feed. */
  readonly isBreak: boolean;
  readonly isQuoted: boolean;
  /** By byte class. */
  readonly after: readonly After[];
}

type Kind = "field" | "spaced" | "text" | "quoted" | "break" | "after quote";

/**
 * The CSV format (RFC 4180) around one column's values.
 *
 * @param fits whether a state of the automaton is the end of a valid value
 * @param members one byte of each class
 */
export function columnBlock(
  values: Automaton,
  fits: (state: number) => boolean,
  members: readonly number[],
  { delimiter, quote }: CsvDialect,
): ColumnBlock {
  const found: { readonly kind: Kind; readonly state: number }[] = [];
  const numbers = new Map<string, number>();
  const number = (kind: Kind, state: number): number => {
    const key = `${kind} ${state}`;
    const known = numbers.get(key) ?? found.push({ kind, state }) - 1;
    numbers.set(key, known);
    return known;
  };

  const after = (kind: Kind, state: number, byte: number): After => {
    switch (kind) {
      case "field":
        return byte === quote ? number("quoted", state) : inText(state, byte, isBlank(byte));
      case "spaced":
        // A quote after spaces begins a quoted field for some readers, but not in RFC 4180.
        return byte === quote ? "lost text" : inText(state, byte, isBlank(byte));
      case "text":
        return inText(state, byte, false);
      case "quoted":
      case "break":
        return byte === quote ? number("after quote", state) : inQuotes(state, byte);
      case "after quote":
        return byte === quote ? inQuotes(state, byte) : (fieldEnd(state, byte) ?? "lost text");
    }
  };
  const inText = (state: number, byte: number, spaced: boolean): After => {
    const end = fieldEnd(state, byte);
    if (end !== undefined) return end;
    const next = values.step(state, byte);
    return next < 0 ? "lost text" : number(spaced ? "spaced" : "text", next);
  };
  const inQuotes = (state: number, byte: number): After => {
    const next = values.step(state, byte);
    if (next < 0) return byte === newline ? "lost break" : "lost quoted";
    return number(byte === newline ? "break" : "quoted", next);
  };
  const fieldEnd = (state: number, byte: number): After | undefined => {
    switch (byte) {
      case delimiter:
        return fits(state) ? "delimiter" : "lost";
      case newline:
        return fits(state) ? "line feed" : "unsure";
      case carriageReturn:
        return fits(state) ? "carriage return" : "lost text";
      default:
        return undefined;
    }
  };

  number("field", 0);
  const places: BlockPlace[] = [];
  for (let index = 0; index < found.length; index += 1) {
    const { kind, state } = found[index] ?? { kind: "field", state: 0 };
    places.push({
      isBreak: kind === "break",
      isQuoted: kind === "quoted" || kind === "break",
      after: members.map((byte) => after(kind, state, byte)),
    });
  }
  return { places };
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tab;
}
