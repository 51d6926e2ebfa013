import { closeSync, openSync, writeFileSync } from "node:fs";
import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { DatasetSpec } from "../../dataset";
import { headerNames, matchHeader } from "../schema/header";
import type { Reject, RejectedRule } from "../records";
import { csvDialect } from "./csv-dialect";
import { CsvRecords, type RejectedRecord } from "./csv-records";
import type { CsvContent } from "./extracted";

/** Splits the text of a CSV file into a file of valid records and a file of rejects. */
export class CsvSplit {
  private readonly records: CsvRecords;
  private readonly rowsFile: string;
  private readonly rejectsFile: string;
  private readonly rowsHandle: number;
  private readonly rejectsHandle: number;
  private readonly rules = new Map<string, RejectedRule & { rows: number }>();
  private first: Reject | undefined;
  private written = 0;

  /**
   * @param name name of the file, for messages
   * @param limit maximum number of rejects to write; more are only counted, because the run will fail
   */
  constructor(
    scratch: string,
    name: string,
    spec: DatasetSpec,
    private readonly limit: number,
  ) {
    this.rowsFile = join(scratch, "rows.csv");
    this.rejectsFile = join(scratch, "rejects.jsonl");
    this.rowsHandle = openSync(this.rowsFile, "w");
    this.rejectsHandle = openSync(this.rejectsFile, "w");
    this.records = new CsvRecords({
      name,
      dialect: csvDialect(spec),
      nullValues: spec.source.nullValues,
      matched: (header, line) => {
        const place = `${name} line ${line}`;
        return matchHeader(headerNames(header, spec.source, place), spec, place);
      },
      keep: (records) => {
        // Unlike writeSync, it never writes only a part of the bytes on a full disk.
        writeFileSync(this.rowsHandle, records);
      },
      reject: (rejected) => {
        this.reject(rejected);
      },
    });
  }

  push(piece: Buffer): void {
    this.records.push(piece);
  }

  get lines(): number {
    return this.records.lines;
  }

  /** @throws Failure integrity when the text is empty, or ends inside quotes */
  finish(): { readonly rows: number; readonly content: CsvContent } {
    const { rows, rejected, ...form } = this.records.finish();
    const rejects = {
      file: this.rejectsFile,
      rows: rejected,
      first: this.first,
      rules: [...this.rules.values()],
    };
    return { rows, content: { kind: "csv", file: this.rowsFile, rows: rows - rejected, rejects, ...form } };
  }

  close(): void {
    closeSync(this.rowsHandle);
    closeSync(this.rejectsHandle);
  }

  private reject({ line, column, rule, reason, record }: RejectedRecord): void {
    const key = `${column ?? ""} ${rule}`;
    const known = this.rules.get(key);
    if (known === undefined) this.rules.set(key, { column, rule, rows: 1 });
    else known.rows += 1;
    if (this.written > this.limit) return;
    const raw = withoutReturns(record);
    const reject: Reject = {
      line,
      column,
      reason,
      raw: raw.toString("utf8"),
      ...(!isUtf8(raw) && { rawBase64: raw.toString("base64") }),
    };
    this.first ??= reject;
    this.written += 1;
    writeFileSync(this.rejectsHandle, `${JSON.stringify(reject)}\n`);
  }
}

/** Removes the carriage returns at the end, which belong to the line break. */
function withoutReturns(record: Buffer): Buffer {
  let end = record.length;
  while (record[end - 1] === 13) end -= 1;
  return record.subarray(0, end);
}
