import { carriageReturn, newline, nextState, type CsvState, type CsvDialect } from "./csv-state";

/** How the lines of a text end; "mixed" when not all alike. */
export type LineEnds = "lf" | "crlf" | "mixed";

/** Counts the records of a CSV text that arrives in chunks; blank lines are none, line breaks in quotes end none. */
export class RecordCounter {
  private records = 0;
  /** Bytes of the current record so far, a carriage return at its end not counted. */
  private length = 0;
  private pendingReturn = false;
  private state: CsvState = "field start";
  private breaks = 0;
  private readonly ends = { lf: 0, crlf: 0 };

  constructor(private readonly dialect: CsvDialect) {}

  push(chunk: Buffer): void {
    const quoting = this.state === "quoted" || this.state === "quote in quoted";
    if (!quoting && chunk.indexOf(this.dialect.quote) < 0) this.countLines(chunk);
    else this.countBytes(chunk);
  }

  /** The number of records, the last one too when no line break follows it. */
  finish(): number {
    if (this.length > 0) this.records += 1;
    this.length = 0;
    return this.records;
  }

  /** Lines that have ended so far, those inside quotes too. */
  get lines(): number {
    return this.breaks;
  }

  /** How the records end. */
  get lineEnds(): LineEnds {
    if (this.ends.crlf === 0) return "lf";
    return this.ends.lf === 0 ? "crlf" : "mixed";
  }

  /** Whether the text ended inside a quoted field. */
  get open(): boolean {
    return this.state === "quoted";
  }

  /** Without a quote in sight only line breaks matter, and those the runtime finds faster than we do. */
  private countLines(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.addText(chunk, start, end);
      this.breaks += 1;
      this.endRecord();
      start = end + 1;
    }
    this.addText(chunk, start, chunk.length);
    this.state = nextState("field", chunk.at(-1), this.dialect);
  }

  private countBytes(chunk: Buffer): void {
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (byte === newline) this.breaks += 1;
      if (byte === newline && this.state !== "quoted") this.endRecord();
      else this.addText(chunk, index, index + 1);
      this.state = nextState(this.state, byte, this.dialect);
    }
  }

  private addText(chunk: Buffer, start: number, end: number): void {
    if (end === start) return;
    if (this.pendingReturn) this.length += 1;
    this.pendingReturn = chunk[end - 1] === carriageReturn;
    this.length += end - start - (this.pendingReturn ? 1 : 0);
  }

  private endRecord(): void {
    this.ends[this.pendingReturn ? "crlf" : "lf"] += 1;
    if (this.length > 0) this.records += 1;
    this.length = 0;
    this.pendingReturn = false;
  }
}
