import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatasetSpec } from "../../dataset";
import { type Field, headerNames, matchHeader } from "../schema/header";
import { csvDialect } from "./csv-dialect";
import { CsvRecords } from "./csv-records";
import type { CsvContent } from "./extracted";
import { withoutFields } from "./left-out";
import { RejectsFile } from "./rejects-file";

/** Splits the text of a CSV file into a file of valid records and a file of rejects. */
export class CsvSplit {
  private readonly records: CsvRecords;
  private readonly rowsFile: string;
  private readonly rowsHandle: number;
  private readonly rejects: RejectsFile;
  private fields: readonly Field[] = [];

  /**
   * @param name name of the file, for messages
   * @param limit see `RejectsFile`
   */
  constructor(
    scratch: string,
    name: string,
    private readonly spec: DatasetSpec,
    limit: number,
  ) {
    const dialect = csvDialect(spec);
    this.rowsFile = join(scratch, "rows.csv");
    this.rowsHandle = openSync(this.rowsFile, "w");
    this.rejects = new RejectsFile(join(scratch, "rejects.jsonl"), limit);
    this.records = new CsvRecords({
      name,
      dialect,
      nullValues: spec.source.nullValues,
      matched: (header, line) => {
        const place = `${name} line ${line}`;
        this.fields = matchHeader(headerNames(header, spec.source, place), spec, place);
        return this.fields;
      },
      keep: (records) => {
        // Unlike writeSync, it never writes only a part of the bytes on a full disk.
        writeFileSync(this.rowsHandle, records);
      },
      reject: (rejected) => {
        const isPrivate = this.fields.some(({ role }) => role === "left out");
        const { record } = rejected;
        this.rejects.add({
          ...rejected,
          record: isPrivate ? withoutFields(record, this.fields, dialect) : record,
        });
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
    const { nullValues } = this.spec.source;
    const { summary: rejects } = this.rejects;
    return {
      rows,
      content: { kind: "csv", file: this.rowsFile, rows: rows - rejected, rejects, nullValues, ...form },
    };
  }

  close(): void {
    closeSync(this.rowsHandle);
    this.rejects.close();
  }
}
