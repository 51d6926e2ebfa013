import type { Field } from "../schema/header";
import type { Reject, RejectedRule, SourceRecord } from "../records";

/** A complete source file on this machine, with its number of rows. */
export interface Extracted {
  readonly record: SourceRecord;
  readonly content: CsvContent | ParquetContent;
}

/** The valid records of a CSV file, normalized: LF, no header, no blank lines, uncompressed. */
export interface CsvContent {
  readonly kind: "csv";
  readonly file: string;
  readonly rows: number;
  /** The columns of the source's header, in its order. */
  readonly fields: readonly Field[];
  /** Whether there are line breaks in quotes. */
  readonly hasBreaks: boolean;
  /** Bytes of the longest record, with its line feed. */
  readonly longest: number;
  readonly rejects: CsvRejects;
}

/** The rejected records. */
export interface CsvRejects {
  /** One `Reject` per line. */
  readonly file: string;
  readonly rows: number;
  readonly first: Reject | undefined;
  readonly rules: readonly RejectedRule[];
}

export interface ParquetContent {
  readonly kind: "parquet";
  readonly file: string;
}
