import type { PeriodicGrain } from "./period";

/**
 * BigQuery types, by the names that the tables API returns. Each maps to one type in Parquet, DuckDB and Postgres.
 * For a source that publishes local times without a time zone, use DATETIME, not TIMESTAMP.
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

/** One column of a data set. The lake and the warehouse use its name as is, the database in lowercase. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** @default - NULLABLE */
  readonly mode?: "NULLABLE" | "REQUIRED";
  /** One sentence; used as the column's description in the warehouse. */
  readonly description: string;
  /**
   * Other names of this column in the headers of source files.
   * @default - only `name`
   */
  readonly aliases?: readonly string[];
  /**
   * Whether the column may be absent from a file; its values are then NULL. If any other column is missing from a
   * file's header, the run fails with schema drift.
   * @default - false
   */
  readonly optional?: boolean;
  /**
   * Policy tag of the column in the warehouse: a name in `policyTags` of the environment, or
   * `projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>`. Only the tag's Fine-Grained Readers read
   * the column; its Masked Readers read what the data policy of the tag leaves. It has no effect in the lake, in the
   * database, or on a laptop.
   * @default - whoever reads the table reads the column
   */
  readonly policyTag?: string;
}

/** A column with all defaults applied. */
export type SpecColumn = Required<Omit<Column, "policyTag">> & Pick<Column, "policyTag">;

/**
 * A row access policy of the tables in the warehouse. As soon as a table has one, everyone reads only the rows of the
 * policies that name them; the platform's own accounts read all. It has no effect in the lake, in the database, or on a
 * laptop.
 */
export interface RowAccess {
  /** Letters, digits and underscores; unique in the data set. */
  readonly name: string;
  /** Condition in GoogleSQL on the columns of the table, without subqueries: `region = "EU"`. */
  readonly filter: string;
  /** `group:<email>`, `user:<email>`, `serviceAccount:<email>` or `domain:<domain>`; at least one. */
  readonly grantees: readonly string[];
}

/** Location and format of a period's file. */
export interface Source {
  /**
   * URL or path of a period's file; `{period}`, `{year}`, `{month}` and `{day}` are replaced with the
   * parts of the period. Supported schemes: https, http, gs, s3, file; or a path without a scheme. Must not contain a
   * user, password or signature: everybody can read the specification.
   */
  readonly url: string;
  readonly format: "csv" | "parquet";
  /** @default - none */
  readonly compression?: "none" | "gzip";
  /**
   * Values that are read as NULL (csv).
   * @default - the empty field
   */
  readonly nullValues?: readonly string[];
  /** A single character (csv). @default - a comma */
  readonly delimiter?: string;
  /**
   * The character that encloses fields containing a delimiter, a quote or a line break (csv). Inside a field it is
   * escaped by doubling it.
   * @default - a double quote
   */
  readonly quote?: string;
}

/** When the data set is ingested, and which period is due at that time. */
export interface Schedule {
  /**
   * Five-field cron expression; or `@monthly`, `@weekly`, `@daily` or `@hourly`: the platform then chooses a time
   * from the id, between three and nine o'clock, so that many data sets do not start together.
   */
  readonly cron: string;
  /** IANA name, `America/New_York`. @default - Etc/UTC */
  readonly timeZone?: string;
  /**
   * Publication delay of the source, in whole periods: 2 for a source whose January file appears in March.
   * @default - 1, the period that has just ended
   */
  readonly periodsBehind?: number;
}

/** How the native table in the warehouse is partitioned. */
export interface Partition {
  /**
   * A DATE, DATETIME or TIMESTAMP column, or `_period`, the first day of the period whose file contained the row.
   * Only `_period` makes each period exactly one partition: files contain rows dated outside their month.
   */
  readonly column: string;
  /** @default - the data set's grain: month or day */
  readonly granularity?: "day" | "month" | "year";
}

/** What converts a source. The result is the same, whatever the engine: values, rejects and counts. */
export const engines = [
  /** In the task itself: whatever fits into its memory. */
  "duckdb",
  /** In BigQuery: the task streams the source to the lake, whatever its size. On a laptop, duckdb is used instead. */
  "bigquery",
] as const;
export type EngineName = (typeof engines)[number];

/** What to do with a row that does not match the column types. */
export type BadRows =
  /** Fail at the first one; nothing is published. */
  | { readonly action: "fail" }
  /**
   * Write it to the period's rejects file with line, column and reason; fail when there are more than `limit`: a number
   * of rows, or a share of the rows of the source such as `1%`.
   */
  | { readonly action: "reject"; readonly limit: number | Percent };

/** `1%`, `0.5%` */
export type Percent = `${number}%`;

/**
 * What to do when a run results in no rows, or far fewer than the period or its neighbors have: a truncated or empty
 * source, or one full of bad rows, would replace good data. `ingest run --allow-shrink` accepts it for one run.
 */
export type Shrink =
  /** Accept it: for a data set that can have empty periods. */
  | { readonly action: "allow" }
  /**
   * Fail before anything is published. Fewer than 100 rows in the previous version, or fewer than 10,000 in a neighbor,
   * are not used for comparison.
   */
  | {
      readonly action: "fail";
      /** Minimum share of the rows of the period's previous version. @default 50% */
      readonly ofBefore?: Percent;
      /** Minimum share of the rows of the previous or the next period. @default 5% */
      readonly ofNeighbors?: Percent;
    };

/** Properties of all data sets, regardless of grain. */
interface CommonProps {
  /** `[a-z][a-z0-9_]*`, at most 40 characters. Part of the names of tables, prefixes and transfer jobs. */
  readonly id: string;
  readonly description: string;
  readonly source: Source;
  /** @default - none: the data set is ingested on request */
  readonly schedule?: Schedule;
  readonly columns: readonly Column[];
  /** @default - partitioned by `_period`; not partitioned if the grain is `once` */
  readonly partition?: Partition;
  /** Clustering columns, at most four, most selective first. @default - none */
  readonly cluster?: readonly string[];
  /** @default - fail at the first bad row */
  readonly badRows?: BadRows;
  /** @default - fail below half of what the period had, or a twentieth of what a neighbour has */
  readonly shrink?: Shrink;
  /**
   * Size of a task that ingests one period in the cloud: a name in `ingestion.sizes` of the environment.
   * @default - the CPUs, memory and timeout of `ingestion`
   */
  readonly size?: string;
  /** What converts the source. For csv, `bigquery` removes the limit of a task's memory. @default - duckdb */
  readonly engine?: EngineName;
  /** Who reads which rows in the warehouse. @default - whoever reads the tables reads all rows */
  readonly rowAccess?: readonly RowAccess[];
  /**
   * Whether the data set is retired: it is not ingested any more, and its tables and files are kept.
   * @default - false
   */
  readonly retired?: boolean;
}

/** Props of `defineDataset` for a data set that is ingested as a whole. */
export interface OnceProps extends CommonProps {
  readonly grain: "once";
}

/** Props of `defineDataset` for a data set that is ingested period by period. */
export interface PeriodicProps extends CommonProps {
  readonly grain: PeriodicGrain;
  /** The earliest period: `2019-01` or `2019-01-31`. */
  readonly firstPeriod: string;
  /** The final period. @default - none: the source is still publishing */
  readonly lastPeriod?: string;
}

/** Props of `defineDataset`: everything that the platform knows about a data set. */
export type DatasetProps = OnceProps | PeriodicProps;

/** Fields that are always set once the defaults are applied. */
interface FilledIn {
  readonly source: Required<Source>;
  readonly schedule?: Required<Schedule>;
  readonly columns: readonly SpecColumn[];
  readonly cluster: readonly string[];
  readonly badRows: BadRows;
}

export type OnceSpec = Omit<OnceProps, keyof FilledIn | "partition"> &
  FilledIn & { readonly partition?: Required<Partition> };

export type PeriodicSpec = Omit<PeriodicProps, keyof FilledIn | "partition"> &
  FilledIn & { readonly partition: Required<Partition> };

/** A data set with all defaults applied. The ingest job receives it as JSON. */
export type DatasetSpec = OnceSpec | PeriodicSpec;
