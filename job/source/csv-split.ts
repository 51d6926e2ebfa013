import { closeSync, openSync, writeFileSync } from "node:fs";
import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { DatasetSpec } from "../../dataset";
import { type Field, headerNames, matchHeader } from "../schema/header";
import type { Reject, RejectedRule } from "../records";
import { csvDialect } from "./csv-dialect";
import { CsvRecords, type RejectedRecord } from "./csv-records";
import type { CsvContent } from "./extracted";

/** Where rejects are written, and how many. */
export interface CsvSplitOptions {
  /** Folder of the file. */
  readonly scratch: string;
  /** Name of the file, for messages. */
  readonly name: string;
  readonly spec: DatasetSpec;
  /** Maximum number of rejects to write; more are only counted, because the run will fail. */
  readonly limit: number;
}

/** What is left of a CSV text when its valid records are taken away. */
export type CsvRemainder = Omit<CsvContent, "kind" | "file">;

/** Splits the text of a CSV file into valid records and a file of rejects. */
export class CsvSplit {
  private readonly records: CsvRecords;
  private readonly rejectsFile: string;
  private readonly rejectsHandle: number;
  private readonly limit: number;
  private readonly rules = new Map<string, RejectedRule & { rows: number }>();
  private first: Reject | undefined;
  private written = 0;

  /** @param keep receives valid records, and the columns of the header; see `CsvReader.keep` */
  constructor(
    { scratch, name, spec, limit }: CsvSplitOptions,
    keep: (records: Buffer, fields: readonly Field[]) => void,
  ) {
    this.limit = limit;
    this.rejectsFile = join(scratch, "rejects.jsonl");
    this.rejectsHandle = openSync(this.rejectsFile, "w");
    let fields: readonly Field[] = [];
    this.records = new CsvRecords({
      name,
      dialect: csvDialect(spec),
      nullValues: spec.source.nullValues,
      matched: (header, line) => {
        const place = `${name} line ${line}`;
        fields = matchHeader(headerNames(header, spec.source, place), spec, place);
        return fields;
      },
      keep: (records) => {
        keep(records, fields);
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
  finish(): { readonly rows: number; readonly content: CsvRemainder } {
    const { rows, rejected, ...form } = this.records.finish();
    const rejects = {
      file: this.rejectsFile,
      rows: rejected,
      first: this.first,
      rules: [...this.rules.values()],
    };
    return { rows, content: { rows: rows - rejected, rejects, ...form } };
  }

  close(): void {
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
