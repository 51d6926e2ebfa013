import type { DatasetSpec, Period } from "../../dataset";
import type { FileRecord } from "../records";
import type { TableReference } from "./bigquery-load";
import type { Fingerprint } from "../fingerprint/fingerprint";

/** The warehouse: one table per data set, and a ledger that records what each period was loaded from. */
export interface Warehouse {
  /** Name of a data set's table, for messages. */
  tableName(spec: DatasetSpec): string;

  /**
   * Checks that the data set can be loaded. It writes nothing.
   *
   * @throws Failure drift or permanent with the reason and what to do
   */
  check(spec: DatasetSpec): Promise<void>;

  /** Number of rows if the period was loaded under this key and all rows are still there; otherwise undefined. */
  holds(spec: DatasetSpec, period: Period, key: string): Promise<number | undefined>;

  /**
   * Replaces the period's rows with those of a Parquet file of the lake, and records the key.
   *
   * @returns the number of rows of the period
   */
  replace(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<number>;

  /** Periods of the data set in the warehouse's ledger; empty when the ledger is in the lake. */
  periods(spec: DatasetSpec): Promise<readonly string[]>;

  /** How the period's rows differ from the lake's file: one sentence per column; empty when they do not. */
  differences(spec: DatasetSpec, period: Period, file: LakeFile): Promise<readonly string[]>;

  /** Called after a period that has changed, when no query is running: frees memory for the next one. */
  settle(): Promise<void>;
}

/** A Parquet file of the lake, to compare tables with. */
export interface LakeFile {
  /** Returns a local path of the file. */
  readonly local: () => Promise<string>;
  readonly fingerprint: () => Promise<Fingerprint>;
  /** A table in BigQuery with the same rows. @default - there is none */
  readonly table?: TableReference;
}

/** A period's Parquet file, in the lake or on its way there. */
export interface PeriodFile extends FileRecord {
  /** Returns a local path; downloads the file if necessary. */
  readonly local: () => Promise<string>;
  /** Resolves when the lake contains the file. Nothing that is loaded from it may appear before. */
  readonly published: () => Promise<void>;
}
