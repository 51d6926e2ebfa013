import type { PeriodicGrain } from "./period";

/**
 * BigQuery types, by the names its tables API returns. Each has one counterpart in Parquet, DuckDB and Postgres.
 * A source that publishes local times without a zone has DATETIME columns, not TIMESTAMP.
 */
export const columnTypes = [
  "STRING",
  "INTEGER",
  "FLOAT",
  "NUMERIC",
  "BOOLEAN",
  "DATE",
  "DATETIME",
  "TIMESTAMP",
] as const;
export type ColumnType = (typeof columnTypes)[number];

/** One column of a data set, as it is in the lake, the warehouse and (in lower case) the database. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** @default - NULLABLE */
  readonly mode?: "NULLABLE" | "REQUIRED";
  /** One sentence; becomes the column's description in the warehouse. */
  readonly description: string;
  /**
   * Other names this column has in the header of some source files.
   * @default - only `name`
   */
  readonly aliases?: readonly string[];
  /**
   * Whether files may lack the column altogether; it is NULL there. Any other column that is missing from a
   * file's header is schema drift.
   * @default - false
   */
  readonly optional?: boolean;
}

/** Where a period's file is, and how it is written. */
export interface Source {
  /**
   * URL or path of a period's file; `{period}`, `{year}`, `{month}` and `{day}` stand for the period's parts.
   * Schemes: https, http, gs, s3, file, or a plain path. Without user, password or signature: everybody can read it.
   */
  readonly url: string;
  readonly format: "csv" | "parquet";
  /** @default - none */
  readonly compression?: "none" | "gzip";
  /**
   * Texts that mean NULL (csv).
   * @default - the empty field
   */
  readonly nullValues?: readonly string[];
  /** One character (csv). @default - the comma */
  readonly delimiter?: string;
  /**
   * The character around fields that hold a delimiter, a quote or a line break (csv). It is doubled inside.
   * @default - the double quote
   */
  readonly quote?: string;
}

/** When the data set is ingested, and which period is due then. */
export interface Schedule {
  /** Five-field cron expression. */
  readonly cron: string;
  /** IANA name, `America/New_York`. @default - Etc/UTC */
  readonly timeZone?: string;
  /**
   * How many whole periods the source publishes behind: 2 for a source whose January file appears in March.
   * @default - 1, the period that has just ended
   */
  readonly periodsBehind?: number;
}

/** How the warehouse cuts its native table into partitions. */
export interface Partition {
  /**
   * A DATE, DATETIME or TIMESTAMP column, or `_period`, the first day of the period a row came with. Only with
   * `_period` is a period exactly one partition: files hold rows dated outside their month.
   */
  readonly column: string;
  /** @default - by the data set's grain: month or day */
  readonly granularity?: "day" | "month" | "year";
}

/** What to do with a row that does not fit the columns' types. */
export type BadRows =
  /** Stop at the first one; nothing is published. */
  | { readonly action: "fail" }
  /**
   * Keep it in the period's rejects file with line, column and reason; above `limit` rows, stop. The limit is a number
   * of rows, or a share of the source's rows: `1%`.
   */
  | { readonly action: "reject"; readonly limit: number | Percent };

/** `1%`, `0.5%` */
export type Percent = `${number}%`;

/**
 * What to do when a run keeps no row, or far fewer than the period or its neighbours have: a source that is cut, empty
 * or full of bad rows would replace good data. `ingest run --allow-shrink` allows it once.
 */
export type Shrink =
  /** Take it as it is: a data set whose days may be empty. */
  | { readonly action: "allow" }
  /** Stop before anything is published. Fewer than 100 rows before, or 10,000 beside it, are not compared with. */
  | {
      readonly action: "fail";
      /** Least share of the rows that the period had before. @default 50% */
      readonly ofBefore?: Percent;
      /** Least share of the rows that the period before or the one after it has. @default 5% */
      readonly ofNeighbors?: Percent;
    };

/** What all data sets have, whatever their grain. */
interface CommonProps {
  /** `[a-z][a-z0-9_]*`, at most 40 characters: it names tables, prefixes, jobs and schedules. */
  readonly id: string;
  readonly description: string;
  readonly source: Source;
  /** @default - none: the data set is ingested by hand */
  readonly schedule?: Schedule;
  readonly columns: readonly Column[];
  /** @default - by `_period`; none for `once` */
  readonly partition?: Partition;
  /** At most four columns, most selective first. @default - none */
  readonly cluster?: readonly string[];
  /** @default - fail at the first bad row */
  readonly badRows?: BadRows;
  /** @default - fail below half of what the period had, or a twentieth of what a neighbour has */
  readonly shrink?: Shrink;
}

/** What `defineDataset` takes of a data set that is ingested as a whole. */
export interface OnceProps extends CommonProps {
  readonly grain: "once";
}

/** What `defineDataset` takes of a data set that is ingested by periods. */
export interface PeriodicProps extends CommonProps {
  readonly grain: PeriodicGrain;
  /** `2019-01` or `2019-01-31`; there is nothing before it. */
  readonly firstPeriod: string;
  /** The last period there will ever be. @default - the source is still publishing */
  readonly lastPeriod?: string;
}

/** What `defineDataset` takes: all that the platform knows of a data set. */
export type DatasetProps = OnceProps | PeriodicProps;

/** What is sure to be there once the defaults are filled in. */
interface FilledIn {
  readonly source: Required<Source>;
  readonly schedule?: Required<Schedule>;
  readonly columns: readonly Required<Column>[];
  readonly cluster: readonly string[];
  readonly badRows: BadRows;
}

export type OnceSpec = Omit<OnceProps, keyof FilledIn | "partition"> &
  FilledIn & { readonly partition?: Required<Partition> };

export type PeriodicSpec = Omit<PeriodicProps, keyof FilledIn | "partition"> &
  FilledIn & { readonly partition: Required<Partition> };

/** A data set with every default filled in. This, as JSON, is what the ingest job gets. */
export type DatasetSpec = OnceSpec | PeriodicSpec;
