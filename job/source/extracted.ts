import type { Field } from "../schema/header";
import type { Reject, RejectedRule, SourceRecord } from "../records";

/** A complete source file on this machine, with its number of rows. */
export interface Extracted {
  readonly record: SourceRecord;
  readonly content: CsvContent | ParquetContent;
}

/** The valid records of a text file as CSV, normalized: LF, no header, no blank lines, uncompressed. */
export interface CsvContent {
  readonly kind: "csv";
  readonly file: string;
  readonly rows: number;
  /** The columns of the source's header, in its order. */
  readonly fields: readonly Field[];
  /** Texts that mean NULL. */
  readonly nullValues: readonly string[];
  /** Whether there are line breaks in quotes. */
  readonly hasBreaks: boolean;
  /** Bytes of the longest record, with its line feed. */
  readonly longest: number;
  readonly rejects: CsvRejects;
  /** The lines of JSON that the records are from. @default - the source is CSV */
  readonly json?: JsonLines;
}

/** The valid lines of a file of JSON lines, in the order of the records. */
export interface JsonLines {
  readonly file: string;
  /** By column of the specification: the keys in which lines have it; for a path, an empty text. */
  readonly keys: readonly (readonly string[])[];
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
