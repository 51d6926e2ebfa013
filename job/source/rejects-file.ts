import { isUtf8 } from "node:buffer";
import { closeSync, openSync, writeFileSync } from "node:fs";
import type { Reject, RejectedRule } from "../records";
import type { CsvRejects } from "./extracted";
import type { Fault } from "./judge";

/** A record to reject. */
export interface Rejected extends Fault {
  /** The line in which it begins, starting at 1. */
  readonly line: number;
  /** Its bytes; undefined when they must not be stored. */
  readonly record: Buffer | undefined;
}

/** The file of the rejected records, one `Reject` per line. */
export class RejectsFile {
  private readonly handle: number;
  private readonly rules = new Map<string, RejectedRule & { rows: number }>();
  private first: Reject | undefined;
  private written = 0;
  private count = 0;

  /** @param limit maximum number of rejects to write; more are only counted, because the run will fail */
  constructor(
    private readonly file: string,
    private readonly limit: number,
  ) {
    this.handle = openSync(file, "w");
  }

  /** Number of rejected records. */
  get rows(): number {
    return this.count;
  }

  get summary(): CsvRejects {
    return { file: this.file, rows: this.count, first: this.first, rules: [...this.rules.values()] };
  }

  add({ line, column, rule, reason, record }: Rejected): void {
    this.count += 1;
    const key = `${column ?? ""} ${rule}`;
    const known = this.rules.get(key);
    if (known === undefined) this.rules.set(key, { column, rule, rows: 1 });
    else known.rows += 1;
    if (this.written > this.limit) return;
    const raw = record === undefined ? Buffer.alloc(0) : withoutReturns(record);
    const reject: Reject = {
      line,
      column,
      reason,
      raw: raw.toString("utf8"),
      ...(!isUtf8(raw) && { rawBase64: raw.toString("base64") }),
    };
    this.first ??= reject;
    this.written += 1;
    writeFileSync(this.handle, `${JSON.stringify(reject)}\n`);
  }

  close(): void {
    closeSync(this.handle);
  }
}

/** Removes the carriage returns at the end, which belong to the line break. */
function withoutReturns(record: Buffer): Buffer {
  let end = record.length;
  while (record[end - 1] === 13) end -= 1;
  return record.subarray(0, end);
}
