const newline = 10;
const carriageReturn = 13;

/** Counts the records of a CSV text that arrives in chunks; blank lines are none, line breaks in quotes end none. */
export class RecordCounter {
  private records = 0;
  private breaks = 0;
  /** Bytes of the current record so far, a carriage return at its end not counted. */
  private length = 0;
  private pendingReturn = false;
  private state: "field start" | "field" | "quoted" | "quote in quoted" = "field start";

  constructor(
    private readonly delimiter: number,
    private readonly quote: number,
  ) {}

  push(chunk: Buffer): void {
    if (this.state !== "quoted" && this.state !== "quote in quoted" && chunk.indexOf(this.quote) < 0) {
      this.countLines(chunk);
    } else {
      this.countBytes(chunk);
    }
  }

  /** The number of records, the last one too when no line break follows it. */
  finish(): number {
    this.endRecord();
    return this.records;
  }

  /** Lines that have ended so far. */
  get lines(): number {
    return this.breaks;
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
      this.endRecord();
      this.breaks += 1;
      start = end + 1;
    }
    this.addText(chunk, start, chunk.length);
    const last = chunk.at(-1);
    if (last !== undefined)
      this.state = last === this.delimiter || last === newline ? "field start" : "field";
  }

  private addText(chunk: Buffer, start: number, end: number): void {
    if (end === start) return;
    if (this.pendingReturn) this.length += 1;
    this.pendingReturn = chunk[end - 1] === carriageReturn;
    this.length += end - start - (this.pendingReturn ? 1 : 0);
  }

  private countBytes(chunk: Buffer): void {
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (byte === newline) this.breaks += 1;
      if (byte === newline && this.state !== "quoted") {
        this.endRecord();
        continue;
      }
      this.addText(chunk, index, index + 1);
      switch (this.state) {
        case "field start":
          this.state = byte === this.quote ? "quoted" : byte === this.delimiter ? "field start" : "field";
          break;
        case "field":
          if (byte === this.delimiter) this.state = "field start";
          break;
        case "quoted":
          if (byte === this.quote) this.state = "quote in quoted";
          break;
        case "quote in quoted":
          this.state = byte === this.quote ? "quoted" : byte === this.delimiter ? "field start" : "field";
          break;
      }
    }
  }

  private endRecord(): void {
    if (this.length > 0) this.records += 1;
    this.length = 0;
    this.pendingReturn = false;
    this.state = "field start";
  }
}
