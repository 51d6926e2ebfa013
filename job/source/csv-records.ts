import type { Field } from "../schema/header";
import { Failure } from "../failure";
import { carriageReturn, newline, type CsvDialect } from "./csv-dialect";
import { Judge, type Fault } from "./judge";
import { recordTable, type RecordTable } from "./record-table";

/** How a CSV text is read, and what happens to its records. */
export interface CsvReader {
  /** Name of the file, for messages. */
  readonly name: string;
  readonly dialect: CsvDialect;
  readonly nullValues: readonly string[];
  /** Returns the columns of a header, in its order. @throws Failure drift when it does not match the specification */
  readonly matched: (header: string, line: number) => readonly Field[];
  /** Receives valid records, each with a line feed at its end; the bytes are overwritten afterwards. */
  readonly keep: (records: Buffer) => void;
  readonly reject: (rejected: RejectedRecord) => void;
}

export interface RejectedRecord extends Fault {
  /** The line in which it begins, starting at 1. */
  readonly line: number;
  /** Without the line break at its end. */
  readonly record: Buffer;
}

/** Result of reading a CSV text. */
export interface CsvCounts {
  /** Number of records, without the header and blank lines. */
  readonly rows: number;
  /** Number of rejected records. */
  readonly rejected: number;
  /** Whether a valid record has a line break in quotes. */
  readonly hasBreaks: boolean;
  /** Bytes of the longest valid record, with its line feed. */
  readonly longest: number;
  readonly fields: readonly Field[];
}

/** Maximum length of the header, in bytes. */
const maxHeader = 1 << 20;
/** Maximum length of a record, in bytes: an unclosed quote must not fill the memory. */
const maxRecord = 64 << 20;

/**
 * Reads a CSV text in one pass, as it arrives: counts the records, separates valid records from rejects, and passes on
 * valid records in a normalized form that DuckDB cannot read in any other way.
 */
export class CsvRecords {
  /** The current record, from its first byte, and what has arrived after it. */
  private work = Buffer.allocUnsafe(1 << 20);
  private filled = 0;
  private recordStart = 0;
  /** End of the valid records in `work`. */
  private kept = 0;
  private state = 0;
  /** The line in which the current record begins. */
  private line = 1;
  /** Line feeds in quotes since then. */
  private breaks = 0;
  private rows = 0;
  private rejected = 0;
  private hasBreaks = false;
  private longest = 0;
  private header: { fields: readonly Field[]; table: RecordTable; judge: Judge } | undefined;

  constructor(private readonly reader: CsvReader) {}

  /** @throws Failure drift when the header does not match the specification, or a record is longer than 64 MB */
  push(piece: Buffer): void {
    const from = this.filled;
    this.append(piece);
    if (this.header !== undefined) this.scan(from);
    else if (this.findHeader(false)) this.scan(this.recordStart);
    this.passOn();
    if (this.filled > maxRecord) {
      const quoted =
        this.header?.table.isQuoted(this.state) === true ? "; a closing quote may be missing" : "";
      throw new Failure("drift", `${this.reader.name} line ${this.line}: is longer than 64 MB${quoted}`);
    }
  }

  /** @throws Failure integrity when the text is empty, or ends inside quotes */
  finish(): CsvCounts {
    if (this.header === undefined && !this.findHeader(true))
      throw new Failure("integrity", `${this.reader.name} is empty: it has no header`);
    if (this.header === undefined) throw new TypeError("the header was found, but its columns were not");
    const { fields, table } = this.header;
    if (table.isQuoted(this.state)) {
      throw new Failure(
        "integrity",
        `${this.reader.name} is truncated: it ends in line ${this.line + this.breaks}, inside a quoted field`,
      );
    }
    if (this.filled > this.recordStart) {
      const from = this.filled;
      this.append(Buffer.from([newline]));
      this.scan(from);
      this.passOn();
    }
    const { rows, rejected, hasBreaks, longest } = this;
    return { rows, rejected, hasBreaks, longest, fields };
  }

  /** Number of complete lines so far. */
  get lines(): number {
    return this.line - 1 + this.breaks;
  }

  private append(piece: Buffer): void {
    const size = this.filled + piece.length;
    if (size > this.work.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, this.work.length * 2));
      this.work.copy(larger, 0, 0, this.filled);
      this.work = larger;
    }
    piece.copy(this.work, this.filled);
    this.filled = size;
  }

  private scan(from: number): void {
    if (this.header === undefined) return;
    const { table } = this.header;
    const { next, classes, endStates, breakStates, start } = table;
    const { work, filled } = this;
    let { state } = this;
    for (let at = from; at < filled; at += 1) {
      state = next[state + (classes[work[at] ?? 0] ?? 0)] ?? 0;
      if (state >= breakStates) continue;
      if (state >= endStates) {
        this.breaks += 1;
        continue;
      }
      this.endRecord(state, at, table);
      state = start;
    }
    this.state = state;
  }

  /** @param at position of the line feed */
  private endRecord(state: number, at: number, table: RecordTable): void {
    if (state === table.fits) {
      this.keep(at);
    } else if (state === table.fitsCrlf) {
      let end = at;
      while (this.work[end - 1] === carriageReturn) end -= 1;
      this.keep(end);
    } else if (state === table.unsure) {
      this.judge(at);
    }
    this.line += 1 + this.breaks;
    this.breaks = 0;
    this.recordStart = at + 1;
  }

  private judge(at: number): void {
    const record = this.work.subarray(this.recordStart, at);
    const fault = this.header?.judge.faultOf(record);
    if (fault === undefined) {
      let end = at;
      while (this.work[end - 1] === carriageReturn) end -= 1;
      this.keep(end);
      return;
    }
    this.rows += 1;
    this.rejected += 1;
    this.reader.reject({ ...fault, line: this.line, record });
  }

  /** @param end end of the record, without its line break */
  private keep(end: number): void {
    const length = end - this.recordStart;
    if (this.kept !== this.recordStart) this.work.copyWithin(this.kept, this.recordStart, end);
    this.work[this.kept + length] = newline;
    this.kept += length + 1;
    this.rows += 1;
    if (length >= this.longest) this.longest = length + 1;
    if (this.breaks > 0) this.hasBreaks = true;
  }

  /** Passes on the valid records and moves the rest to the front. */
  private passOn(): void {
    if (this.kept > 0) this.reader.keep(this.work.subarray(0, this.kept));
    if (this.recordStart > 0) this.work.copyWithin(0, this.recordStart, this.filled);
    this.filled -= this.recordStart;
    this.recordStart = 0;
    this.kept = 0;
  }

  /** @param whole whether the text is complete. @returns whether the header is complete */
  private findHeader(whole: boolean): boolean {
    const { quote } = this.reader.dialect;
    const marked = this.line === 1 && this.work.subarray(0, 3).equals(byteOrderMark) && this.filled >= 3;
    let start = marked ? byteOrderMark.length : 0;
    let quoted = false;
    for (let at = start; at < this.filled || (whole && at === this.filled && at > start); at += 1) {
      const byte = at === this.filled ? newline : this.work[at];
      if (byte === quote) quoted = !quoted;
      if (byte !== newline || (quoted && at < this.filled)) {
        if (byte === newline) this.breaks += 1;
        continue;
      }
      const text = this.work.toString("utf8", start, at).replace(/\r+$/, "");
      if (text === "" || this.isSeparatorLine(text)) {
        start = at + 1;
        this.line += 1;
        continue;
      }
      this.takeHeader(text);
      this.recordStart = Math.min(at + 1, this.filled);
      this.kept = 0;
      this.line += 1 + this.breaks;
      this.breaks = 0;
      return true;
    }
    if (this.filled - start > maxHeader) this.refuseLong(start);
    this.breaks = 0;
    this.line = 1;
    return false;
  }

  /**
   * Whether a line before the header declares the delimiter for Excel: `sep=;`.
   *
   * @throws Failure drift when it is another one than the specification's
   */
  private isSeparatorLine(text: string): boolean {
    const [, declared] = /^"?sep=(.)"?$/i.exec(text) ?? [];
    if (declared === undefined) return false;
    const delimiter = String.fromCharCode(this.reader.dialect.delimiter);
    if (declared === delimiter) return true;
    throw new Failure(
      "drift",
      `${this.reader.name} line ${this.line}: declares the delimiter ${JSON.stringify(declared)}, but the specification ` +
        `requires ${JSON.stringify(delimiter)}; set source.delimiter`,
    );
  }

  private takeHeader(text: string): void {
    const { name, dialect, nullValues, matched } = this.reader;
    if (/\r(?!\n)/.test(text)) throw returnsAlone(name, this.line);
    const fields = matched(text, this.line);
    const table = recordTable(fields, nullValues, dialect);
    this.header = { fields, table, judge: new Judge(fields, nullValues, dialect) };
    this.state = table.start;
  }

  private refuseLong(start: number): never {
    const { name } = this.reader;
    if (this.work.subarray(start, this.filled).includes(carriageReturn)) throw returnsAlone(name, this.line);
    throw new Failure("drift", `${name} line ${this.line}: the header is longer than 1 MB`);
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function returnsAlone(name: string, line: number): Failure {
  return new Failure(
    "drift",
    `${name} line ${line}: lines end with a carriage return without a line feed; convert the line endings to line feeds`,
  );
}
