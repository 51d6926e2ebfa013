import { grammarOf } from "../schema/form-grammar";
import { utf8Pattern } from "../schema/grammar";
import type { Field } from "../schema/header";
import { automaton, type Automaton } from "./automaton";
import { columnBlock, type After, type ColumnBlock } from "./column-block";
import { carriageReturn, newline, type CsvDialect } from "./csv-dialect";

/**
 * One automaton for whole records: the CSV format around the grammars of the columns. Reading requires one lookup in
 * `next` per byte: `state = next[state + classes[byte]]`. States are multiples of the number of classes.
 */
export interface RecordTable {
  readonly classes: Uint8Array;
  readonly next: Int32Array;
  /** Before the first byte of a record. */
  readonly start: number;
  /** End of a valid record with a line feed. */
  readonly fits: number;
  /** End of a valid record with one or more carriage returns before the line feed. */
  readonly fitsCrlf: number;
  /** End of an empty line. */
  readonly blank: number;
  /** End of a record that is invalid, or that the automaton alone cannot decide. */
  readonly unsure: number;
  /** States below this one, which are the four above, end a record: continue from `start`. */
  readonly endStates: number;
  /** States from `endStates` up to this one follow a line feed in quotes. */
  readonly breakStates: number;
  /** Whether the state is inside quotes. */
  readonly isQuoted: (state: number) => boolean;
}

/** States of a record that belong to no column, except those that end it. */
const shared = [
  "lost break",
  "lost quoted",
  "lost after quote",
  "lost",
  "lost text",
  "start",
  "blank return",
  "ended",
] as const;
const ends = ["fits", "fits crlf", "blank line", "unsure"] as const;
type SharedPlace = (typeof shared)[number] | (typeof ends)[number];

export function recordTable(
  fields: readonly Pick<Field, "column" | "form">[],
  nullValues: readonly string[],
  dialect: CsvDialect,
): RecordTable {
  const kinds = new Map<string, Automaton>();
  for (const field of fields) {
    const kind = kindOf(field);
    if (!kinds.has(kind)) kinds.set(kind, automaton([safePattern(field), ...nullPattern(nullValues)]));
  }
  const { classes, members } = byteClasses([...kinds.values()], dialect);
  const blocks = new Map<string, ColumnBlock>();
  const blockOf = (field: Pick<Field, "column" | "form">): ColumnBlock => {
    const { mode } = field.column;
    const kind = kindOf(field);
    const values = kinds.get(kind) ?? automaton([]);
    const fits = (state: number) =>
      values.accepts(state, 1) ? mode === "NULLABLE" : values.accepts(state, 0);
    const known = blocks.get(`${kind} ${mode}`) ?? columnBlock(values, fits, members, dialect);
    blocks.set(`${kind} ${mode}`, known);
    return known;
  };
  return assembled(fields.map(blockOf), classes, members, dialect);
}

/** Numbers all states: first those that end a record, then those that follow a line feed in quotes. */
function assembled(
  blocks: readonly ColumnBlock[],
  classes: Uint8Array,
  members: readonly number[],
  { delimiter, quote }: CsvDialect,
): RecordTable {
  const width = members.length;
  const places = blocks.map((block) => new Int32Array(block.places.length));
  let count = ends.length + 1;
  for (const wanted of [true, false]) {
    blocks.forEach((block, column) => {
      block.places.forEach(({ isBreak }, index) => {
        const numbers = places[column];
        if (isBreak === wanted && numbers !== undefined) numbers[index] = count++ * width;
      });
    });
    if (wanted) count += shared.length - 1;
  }
  const breaks = blocks.reduce<number>(
    (sum, block) => sum + block.places.filter(({ isBreak }) => isBreak).length,
    ends.length,
  );
  const numbers = new Map<SharedPlace, number>();
  ends.forEach((place, index) => numbers.set(place, index * width));
  // "lost break", the first one, also follows a line feed in quotes.
  shared.forEach((place, index) => numbers.set(place, (index === 0 ? ends.length : breaks + index) * width));
  const numberOf = (place: SharedPlace): number => numbers.get(place) ?? 0;
  const next = new Int32Array(count * width);
  const quoted = new Set<number>([numberOf("lost quoted"), numberOf("lost break")]);

  blocks.forEach((block, column) => {
    const isLast = column === blocks.length - 1;
    const target = (after: After): number => {
      if (typeof after === "number") return places[column]?.[after] ?? 0;
      switch (after) {
        case "delimiter":
          return isLast ? numberOf("lost") : (places[column + 1]?.[0] ?? 0);
        case "line feed":
          return numberOf(isLast ? "fits" : "unsure");
        case "carriage return":
          return numberOf(isLast ? "ended" : "lost text");
        default:
          return numberOf(after);
      }
    };
    block.places.forEach(({ after, isQuoted }, index) => {
      const from = places[column]?.[index] ?? 0;
      if (isQuoted) quoted.add(from);
      for (let member = 0; member < width; member += 1) next[from + member] = target(after[member] ?? "lost");
    });
  });

  const first = places[0]?.[0] ?? 0;
  const lost = (byte: number): SharedPlace => {
    if (byte === newline) return "unsure";
    return byte === delimiter ? "lost" : "lost text";
  };
  const after = (place: SharedPlace, byte: number, member: number): number => {
    switch (place) {
      case "start":
        if (byte === newline) return numberOf("blank line");
        return byte === carriageReturn ? numberOf("blank return") : (next[first + member] ?? 0);
      case "blank return":
        if (byte === newline) return numberOf("blank line");
        return numberOf(byte === carriageReturn ? place : lost(byte));
      case "ended":
        if (byte === newline) return numberOf("fits crlf");
        return numberOf(byte === carriageReturn ? place : lost(byte));
      case "lost quoted":
      case "lost break":
        if (byte === quote) return numberOf("lost after quote");
        return numberOf(byte === newline ? "lost break" : "lost quoted");
      case "lost":
      case "lost after quote":
        return numberOf(byte === quote ? "lost quoted" : lost(byte));
      default:
        return numberOf(lost(byte));
    }
  };
  for (const place of shared) {
    members.forEach((byte, member) => (next[numberOf(place) + member] = after(place, byte, member)));
  }
  return {
    classes,
    next,
    start: numberOf("start"),
    fits: numberOf("fits"),
    fitsCrlf: numberOf("fits crlf"),
    blank: numberOf("blank line"),
    unsure: numberOf("unsure"),
    endStates: ends.length * width,
    breakStates: (breaks + 1) * width,
    isQuoted: (state) => quoted.has(state),
  };
}

/** Bytes that lead to the same states share a class. */
function byteClasses(kinds: readonly Automaton[], { delimiter, quote }: CsvDialect) {
  const special = [delimiter, quote, newline, carriageReturn, 32, 9];
  const classes = new Uint8Array(256);
  const members: number[] = [];
  const seen = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const key = `${special.includes(byte) ? byte : ""} ${kinds.map((kind) => kind.classOf(byte)).join()}`;
    const known = seen.get(key) ?? members.push(byte) - 1;
    seen.set(key, known);
    classes[byte] = known;
  }
  return { classes, members };
}

/** One pattern for the texts that mean NULL, over bytes; empty when there are none. */
function nullPattern(nullValues: readonly string[]): string[] {
  if (nullValues.length === 0) return [];
  const literals = nullValues.map((text) =>
    Buffer.from(text)
      .toString("latin1")
      .replace(/[\\()[\]{}|?*+]/g, "\\$&"),
  );
  return [literals.join("|")];
}

/** Fields of one kind have the same grammar. */
function kindOf({ column, form }: Pick<Field, "column" | "form">): string {
  return form === undefined ? column.type : `${column.type} ${JSON.stringify(form)}`;
}

function safePattern({ column: { type }, form }: Pick<Field, "column" | "form">): string {
  if (type === "STRING") return utf8Pattern;
  const { safe, pattern } = grammarOf(type, form);
  return safe ?? pattern;
}
