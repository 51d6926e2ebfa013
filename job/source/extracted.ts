import type { Field } from "../schema/header";
import type { Reject, RejectedRule, SourceRecord } from "../records";

/** A complete source, with its number of rows. */
export interface Extracted<Content = CsvContent | ParquetContent | StagedContent> {
  readonly record: SourceRecord;
  readonly content: Content;
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

/** The valid records of a CSV file in the lake, in several objects, for an engine that reads them there. */
export interface StagedContent extends Omit<CsvContent, "kind" | "file" | "json"> {
  readonly kind: "staged";
  /** Folder of this run in the lake, which ends with a slash. */
  readonly folder: string;
  /** Paths of the objects. Each begins with a line that is no record. */
  readonly files: readonly string[];
  /** What a second reading of the records found. */
  readonly sums: SourceSums;
}

/** Numbers and sums of the values of a CSV text; see `CsvReading`. */
export interface SourceSums {
  readonly rows: number;
  /** Number of records with too many or too few fields. */
  readonly odd: number;
  /** By field: number of texts that are not a valid value of its type. */
  readonly unread: readonly number[];
  /** By field: number and sum of the values. */
  readonly sums: readonly { readonly values: number; readonly sum: bigint }[];
}

export interface ParquetContent {
  readonly kind: "parquet";
  readonly file: string;
}
