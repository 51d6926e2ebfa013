import type { SourceRecord } from "../records";

/** A source file on this machine, whole and counted. */
export interface Extracted {
  readonly record: SourceRecord;
  readonly content: CsvContent | ParquetContent;
}

export interface CsvContent {
  readonly kind: "csv";
  readonly file: string;
  readonly compression: "none" | "gzip";
  /** The first line. */
  readonly header: string;
}

export interface ParquetContent {
  readonly kind: "parquet";
  readonly file: string;
}
