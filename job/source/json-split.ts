import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { DatasetSpec } from "../../dataset";
import { Failure } from "../failure";
import type { CsvContent } from "./extracted";
import type { TextSink } from "./inspect";
import { JsonRows, nullText } from "./json-row";
import { RejectsFile } from "./rejects-file";
import { RecordFile } from "./record-file";

/** Maximum length of a line, in bytes: a file without line breaks must not fill the memory. */
const maxLine = 64 << 20;
const lineFeed = 10;

/**
 * Splits the text of a file of JSON lines into a file of valid records as CSV, one of the lines that they are from, and
 * one of rejects.
 */
export class JsonSplit implements TextSink {
  private readonly rows: JsonRows;
  private readonly records: RecordFile;
  private readonly valid: RecordFile;
  private readonly rejects: RejectsFile;
  private held: Buffer = Buffer.alloc(0);
  private line = 0;
  private count = 0;
  private hasBreaks = false;
  private longest = 0;

  /** @param limit see `RejectsFile` */
  constructor(
    scratch: string,
    private readonly name: string,
    private readonly spec: DatasetSpec,
    limit: number,
  ) {
    this.rows = new JsonRows(spec);
    this.records = new RecordFile(join(scratch, "rows.csv"));
    this.valid = new RecordFile(join(scratch, "rows.jsonl"));
    this.rejects = new RejectsFile(join(scratch, "rejects.jsonl"), limit);
  }

  get lines(): number {
    return this.line;
  }

  push(piece: Buffer): void {
    const bytes = this.held.length === 0 ? piece : Buffer.concat([this.held, piece]);
    let from = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, from)) {
      this.read(bytes.subarray(from, end));
      from = end + 1;
    }
    this.held = Buffer.from(bytes.subarray(from));
    if (this.held.length > maxLine)
      throw new Failure("drift", `${this.name} line ${this.line + 1}: is longer than 64 MB`);
  }

  /** @throws Failure integrity when the text is empty; drift when a column is in no line */
  finish(): { readonly rows: number; readonly content: CsvContent } {
    if (this.held.length > 0) this.read(this.held);
    if (this.line === 0) throw new Failure("integrity", `${this.name} is empty`);
    this.records.end();
    this.valid.end();
    const { rows, count, hasBreaks, longest } = this;
    const kept = count - this.rejects.rows;
    if (kept > 0) this.checkColumns();
    const content: CsvContent = {
      kind: "csv",
      file: this.records.file,
      rows: kept,
      fields: rows.fields,
      nullValues: [nullText],
      hasBreaks,
      longest,
      rejects: this.rejects.summary,
      json: { file: this.valid.file, keys: rows.keys.map((keys) => [...keys]) },
    };
    return { rows: count, content };
  }

  close(): void {
    this.records.close();
    this.valid.close();
    this.rejects.close();
  }

  private read(bytes: Buffer): void {
    this.line += 1;
    const isMarked = this.line === 1 && bytes.subarray(0, 3).equals(byteOrderMark);
    const text = bytes.subarray(isMarked ? 3 : 0);
    if (isBlank(text)) return;
    this.count += 1;
    if (!isUtf8(text)) {
      this.reject(text, { column: null, rule: "is not valid UTF-8", reason: "is not valid UTF-8" });
      return;
    }
    const row = this.rows.read(text.toString("utf8"));
    if ("fault" in row) {
      this.reject(text, row.fault);
      return;
    }
    const { delimiter, quote } = this.spec.source;
    const fields = row.texts.map((value) =>
      value === null ? nullText : `${quote}${value.replaceAll(quote, quote + quote)}${quote}`,
    );
    const record = `${fields.join(delimiter)}\n`;
    if (!this.hasBreaks && record.indexOf("\n") < record.length - 1) this.hasBreaks = true;
    this.longest = Math.max(this.longest, this.records.write(record));
    this.valid.write(text);
    this.valid.write("\n");
  }

  private reject(record: Buffer, fault: { column: string | null; rule: string; reason: string }): void {
    const kept = this.isPrivate ? this.rows.withoutIgnored(record) : record;
    this.rejects.add({ ...fault, line: this.line, record: kept });
  }

  /** Whether keys are left out, which must not be stored among the rejects either. */
  private get isPrivate(): boolean {
    const { ignore = [], extra } = this.spec.source;
    return ignore.length > 0 || extra === "ignore";
  }

  /** @throws Failure drift when a column is in no line */
  private checkColumns(): void {
    const missing = this.spec.columns.filter(
      ({ optional }, index) => !optional && this.rows.keys[index]?.size === 0,
    );
    if (missing.length === 0) return;
    const names = missing.map(({ name, path }) => (path === undefined ? name : `${name} (${path})`));
    throw new Failure(
      "drift",
      `${this.name}: no line has a value for ${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}. ` +
        `Update the columns, their aliases or paths in catalog/${this.spec.id}.ts, or set optional`,
    );
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
