import type { DatasetSpec, Period } from "../../dataset";
import type { FileRecord } from "../records";
import type { Fingerprint } from "../fingerprint/fingerprint";

/** The warehouse: a table for each data set, and a ledger of what each period was loaded from. */
export interface Warehouse {
  /** What people call a data set's table. */
  tableName(spec: DatasetSpec): string;

  /**
   * Whether it can hold the data set: nothing is written.
   *
   * @throws Failure drift or permanent saying what does not fit, and what to do
   */
  check(spec: DatasetSpec): Promise<void>;

  /** Rows of the period if it was loaded under this key and all of them are still there, else undefined. */
  holds(spec: DatasetSpec, period: Period, key: string): Promise<number | undefined>;

  /**
   * Replaces the period's rows with those of a Parquet file of the lake, and records the key.
   *
   * @returns how many rows the period has now
   */
  replace(spec: DatasetSpec, period: Period, key: string, file: PeriodFile): Promise<number>;

  /** Periods of the data set that its own ledger names: none where the ledger is in the lake. */
  periods(spec: DatasetSpec): Promise<readonly string[]>;

  /** How the period's rows differ from those of the lake's file: a sentence for each column; none when they do not. */
  differences(spec: DatasetSpec, period: Period, file: LakeFile): Promise<readonly string[]>;
}

/** A Parquet file of the lake, to compare with. */
export interface LakeFile {
  /** Where programs of this machine find it. */
  readonly local: () => Promise<string>;
  readonly fingerprint: () => Promise<Fingerprint>;
}

/** A period's Parquet file in the lake. */
export interface PeriodFile extends FileRecord {
  /** Where programs of this machine find it; it is brought here if it must be. */
  readonly local: () => Promise<string>;
}
