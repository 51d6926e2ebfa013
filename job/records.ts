import type { Period } from "../dataset";

/** Records that steps pass on, and that a run writes. */

export const stepNames = ["extract", "parquetize", "publish", "warehouse", "database", "verify"] as const;
export type StepName = (typeof stepNames)[number];

/** The source of a period, read and counted byte by byte. */
export interface SourceRecord {
  /** Address of the source, without credentials. */
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal, of the bytes as published. */
  readonly sha256: string;
  /** Number of records in the file, without the header. */
  readonly rows: number;
  /** The server's validators, for a conditional request next time. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** Hash of the URL's query, for which the validators are valid; `url` omits the query. @default - the URL has no query */
  readonly query?: string;
}

/** A file in the lake, or to be moved there. */
export interface FileRecord {
  /** Path inside the lake. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

/** The period's rows in a table of the warehouse or database. */
export interface TableRecord {
  readonly table: string;
  readonly rows: number;
}

/** One line of a rejects file. */
export interface Reject {
  /** Line of the source file (CSV) or number of the row (Parquet), starting at 1. */
  readonly line: number;
  /** The first column with an invalid value; null when the line as a whole is invalid. */
  readonly column: string | null;
  readonly reason: string;
  /** The line as in the source. */
  readonly raw: string;
  /** The bytes of the line, when they are not valid UTF-8. @default - they are, and `raw` contains them */
  readonly rawBase64?: string;
}

/** The number of rows that were rejected for one reason. */
export interface RejectedRule {
  /** Null when the line as a whole is invalid. */
  readonly column: string | null;
  /** Without the value: `is not a valid DATE: …`. */
  readonly rule: string;
  readonly rows: number;
}

export interface StepRecord {
  readonly step: StepName;
  readonly startedAt: string;
  readonly seconds: number;
}

/** The record of a period's last successful run, written just before the success marker. */
export interface Manifest {
  readonly version: 1;
  /** Identifies source and specification; see `loadKey`. */
  readonly key: string;
  /** ID of the run that wrote the manifest. */
  readonly run: string;
  readonly dataset: string;
  readonly period: string;
  readonly spec: { readonly version: number; readonly digest: string };
  readonly source: SourceRecord;
  readonly parquet: FileRecord;
  readonly rejects: FileRecord | null;
  readonly warehouse: TableRecord;
  readonly database: TableRecord | null;
  readonly steps: readonly StepRecord[];
  readonly finishedAt: string;
}

/**
 * Identifies the content of a period: the same bytes of the source and the same specification result in the same key.
 * Destinations record the key of the rows that they contain.
 */
export function loadKey(dataset: string, period: Period, sourceSha256: string, specDigest: string): string {
  return `${dataset}/${period.label}/${sourceSha256.slice(0, 16)}/${specDigest}`;
}
