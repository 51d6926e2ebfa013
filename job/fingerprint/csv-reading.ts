import type { CsvDialect } from "../source/csv-dialect";
import type { ColumnType } from "../../dataset";
import { ColumnSum } from "./fingerprint";
import type { TextForm } from "../schema/text-form";
import { textReader } from "./form-values";
import type { ReadText } from "./text-values";

const newline = 10;
const carriageReturn = 13;

export interface CsvReadingOptions {
  readonly dialect: CsvDialect;
  /** Texts that mean NULL. */
  readonly nullValues: readonly string[];
  /** The type of each field, in the order of the file. */
  readonly types: readonly ColumnType[];
  /** How the texts of a field are written, in the order of `types`. @default - all in the standard form */
  readonly forms?: readonly (TextForm | undefined)[];
}

/**
 * Reads a CSV text as it arrives and sums its fields, independently of the engine that converts it: it shares no code
 * for the boundaries of records and fields, or the meaning of their texts.
 */
export class CsvReading {
  readonly sums: readonly ColumnSum[];
  /** Number of records, without blank lines. */
  rows = 0;
  /** Number of records with too many or too few fields, whose fields are not summed. */
  odd = 0;
  /** By column: number of texts that are not a valid value of its type. */
  readonly unread: number[];
  private readonly nulls: readonly Buffer[];
  private readonly emptyIsNull: boolean;
  /** Reused buffer; it starts with the record whose end has not arrived yet. */
  private memory = Buffer.allocUnsafeSlow(512 << 10);
  private held = 0;
  /** Start and end of the record's fields, at most one more than there are columns. */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  /** Texts of fields with doubled quotes. */
  private readonly texts = new Map<number, Buffer>();
  private fields = 0;
  private readonly readers: readonly ReadText[];

  constructor(private readonly options: CsvReadingOptions) {
    const { types, nullValues } = options;
    this.sums = types.map((type) => new ColumnSum(type));
    this.unread = types.map(() => 0);
    this.readers = types.map((type, index) => textReader(type, options.forms?.[index]));
    this.nulls = nullValues.filter((text) => text !== "").map((text) => Buffer.from(text));
    this.emptyIsNull = nullValues.includes("");
    this.starts = new Int32Array(types.length + 1);
    this.ends = new Int32Array(types.length + 1);
  }

  push(piece: Buffer): void {
    const length = this.held + piece.length;
    if (length > this.memory.length) {
      const larger = Buffer.allocUnsafeSlow(length * 2);
      this.memory.copy(larger, 0, 0, this.held);
      this.memory = larger;
    }
    piece.copy(this.memory, this.held);
    this.scan(length, false);
  }

  /** Ends the text: the rest is a record. */
  finish(): void {
    this.scan(this.held, true);
  }

  private scan(length: number, isLast: boolean): void {
    const memory = this.memory.subarray(0, length);
    let at = 0;
    while (at < length) {
      const end = this.record(memory, at, isLast);
      if (end < 0) break;
      this.add(memory);
      at = end;
    }
    memory.copy(this.memory, 0, at);
    this.held = length - at;
  }

  /** Finds the fields of the record at `at`. @returns the start of the next record, -1 if the record is incomplete */
  private record(memory: Buffer, at: number, isLast: boolean): number {
    const { delimiter, quote } = this.options.dialect;
    const { length } = memory;
    this.fields = 0;
    if (this.texts.size > 0) this.texts.clear();
    for (;;) {
      let from = at;
      let end: number;
      if (memory[at] === quote) {
        const closing = this.closing(memory, at + 1, isLast);
        if (closing < 0) return -1;
        from = at + 1;
        end = closing;
        at = closing + 1;
        // Only a line break or a delimiter may follow. Ignore anything else: such records are rejected anyway.
        while (at < length && memory[at] !== delimiter && memory[at] !== newline) at += 1;
      } else {
        while (at < length && memory[at] !== delimiter && memory[at] !== newline) at += 1;
        end = at;
        if (memory[at] !== delimiter && end > from && memory[end - 1] === carriageReturn) end -= 1;
      }
      if (at >= length && !isLast) return -1;
      this.field(from, end);
      if (at >= length) return length;
      at += 1;
      if (memory[at - 1] === newline) return at;
      // A delimiter at the end of the text is followed by an empty field.
      if (at >= length && isLast) {
        this.field(at, at);
        return length;
      }
    }
  }

  /** Position of the closing quote, -1 if it is missing. Replaces doubled quotes by single ones. */
  private closing(memory: Buffer, from: number, isLast: boolean): number {
    const { quote } = this.options.dialect;
    let doubled = false;
    for (let at = memory.indexOf(quote, from); at >= 0; at = memory.indexOf(quote, at + 2)) {
      if (at + 1 >= memory.length && !isLast) return -1;
      if (memory[at + 1] !== quote) {
        if (doubled) this.texts.set(this.fields, undoubled(memory.subarray(from, at), quote));
        return at;
      }
      doubled = true;
    }
    return -1;
  }

  private field(from: number, end: number): void {
    if (this.fields < this.starts.length) {
      this.starts[this.fields] = from;
      this.ends[this.fields] = end;
    }
    this.fields += 1;
  }

  private add(memory: Buffer): void {
    const isBlank = this.fields === 1 && this.starts[0] === this.ends[0] && !this.isQuoted(memory);
    if (isBlank) return;
    this.rows += 1;
    if (this.fields !== this.sums.length) {
      this.odd += 1;
      return;
    }
    for (let index = 0; index < this.fields; index += 1) {
      const text = this.texts.size === 0 ? undefined : this.texts.get(index);
      if (text === undefined) this.addField(index, memory, this.starts[index] ?? 0, this.ends[index] ?? 0);
      else this.addField(index, text, 0, text.length);
    }
  }

  /** Whether the record's only field, which is empty, is quoted. */
  private isQuoted(memory: Buffer): boolean {
    const from = this.starts[0] ?? 0;
    return from > 0 && memory[from] === this.options.dialect.quote;
  }

  private addField(index: number, memory: Buffer, from: number, to: number): void {
    if (from === to ? this.emptyIsNull : this.nulls.length > 0 && this.isNull(memory, from, to)) return;
    const sum = this.sums[index];
    if (sum === undefined || this.readers[index]?.(sum, memory, from, to) === true) return;
    this.unread[index] = (this.unread[index] ?? 0) + 1;
  }

  private isNull(memory: Buffer, from: number, to: number): boolean {
    return this.nulls.some((text) => memory.compare(text, 0, text.length, from, to) === 0);
  }
}

function undoubled(memory: Buffer, quote: number): Buffer {
  const text = Buffer.allocUnsafe(memory.length);
  let length = 0;
  for (let at = 0; at < memory.length; at += 1) {
    const byte = memory[at] ?? 0;
    text[length] = byte;
    length += 1;
    if (byte === quote) at += 1;
  }
  return text.subarray(0, length);
}
