import type { Period } from "../dataset";

/** What one step hands to the next, and what a finished run leaves behind. */

export const stepNames = ["extract", "parquetize", "publish", "warehouse", "database", "verify"] as const;
export type StepName = (typeof stepNames)[number];

/** The source of a period, read and counted byte by byte. */
export interface SourceRecord {
  /** Where it came from; credentials in a URL are left out. */
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal, over the bytes as the source published them. */
  readonly sha256: string;
  /** Records in the file, the header not counted. */
  readonly rows: number;
  /** The server's validators, to ask next time whether anything has changed. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** A hash of the address's query, which is not kept: the validators are about that one alone. @default - it has none */
  readonly query?: string;
}

/** A file in the lake, or on its way there. */
export interface FileRecord {
  /** Path inside the lake. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

/** What a destination that holds tables has of a period. */
export interface TableRecord {
  readonly table: string;
  readonly rows: number;
}

/** One line of a rejects file. */
export interface Reject {
  /** Line of the source file (csv) or number of the row (Parquet), from 1. */
  readonly line: number;
  /** The first column that did not fit; null where the line as a whole did not. */
  readonly column: string | null;
  readonly reason: string;
  /** The line as it was. */
  readonly raw: string;
  /** Its bytes, where they are no valid UTF-8. @default - `raw` is the whole truth */
  readonly rawBase64?: string;
}

/** How many rows were rejected for one reason. */
export interface RejectedRule {
  /** Null where the line as a whole did not fit. */
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

/** The record of a period's last successful run; the last thing written but for the success marker. */
export interface Manifest {
  readonly version: 1;
  /** What the data was made from; see `loadKey`. */
  readonly key: string;
  /** The run that wrote this. */
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
 * Names the content of a period: the same source bytes under the same specification have the same key, whoever
 * runs it and however often. Destinations keep it beside the rows to know what they hold.
 */
export function loadKey(dataset: string, period: Period, sourceSha256: string, specDigest: string): string {
  return `${dataset}/${period.label}/${sourceSha256.slice(0, 16)}/${specDigest}`;
}
