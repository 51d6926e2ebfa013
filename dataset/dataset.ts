import type { PeriodicGrain } from "./grain";

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
  /**
   * How the texts of a DATE, DATETIME or TIMESTAMP column are written, as for strptime: `%d.%m.%Y`.
   * @default - `dateFormat` or `dateTimeFormat` of the source
   */
  readonly format?: string;
  /**
   * Where the value is in a line of JSON (jsonl): `$.customer.name`, `$.items[0].price`, `$["a key"]`.
   * @default - the key of the line with the column's name or one of its aliases
   */
  readonly path?: string;
}

/** Properties of a column without a default value. */
type Unset = "policyTag" | "format" | "path";

/** A column with all defaults applied. */
export type SpecColumn = Required<Omit<Column, Unset>> & Pick<Column, Unset>;

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
   * URL or path of a period's file; `{period}`, and the parts of its grain such as `{year}` and `{month}`, are replaced
   * with those of the period. Supported schemes: https, http, gs, s3, file; or a path without a scheme. Must not contain a
   * user, password or signature: everybody can read the specification.
   */
  readonly url: string;
  /** jsonl: one JSON object per line, also called NDJSON. */
  readonly format: (typeof sourceFormats)[number];
  /** zip: an archive with a single file. @default - none */
  readonly compression?: (typeof compressions)[number];
  /**
   * Values that are read as NULL (csv, jsonl).
   * @default - the empty field; for jsonl, none: JSON has null
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
  /**
   * Encoding of the text (csv, jsonl). A byte order mark is accepted, and decides between the byte orders of UTF-16.
   * @default - utf-8
   */
  readonly encoding?: (typeof encodings)[number];
  /** Lines that start with this text are skipped (csv): `#`. Not inside quotes. @default - no line is a comment */
  readonly comment?: string;
  /** Number of lines before the header that are skipped (csv), whatever they contain. @default - none */
  readonly skipLines?: number;
  /** The decimal sign of numbers that are texts. @default - a point */
  readonly decimal?: "." | ",";
  /**
   * What separates groups of three digits in numbers that are texts; a space also stands for a no-break space.
   * @default - nothing: a number with separators is not valid
   */
  readonly thousands?: (typeof thousandsSigns)[number];
  /** How texts in DATE columns are written, as for strptime: `%d.%m.%Y`. @default - `2020-02-29` */
  readonly dateFormat?: string;
  /**
   * How texts in DATETIME and TIMESTAMP columns are written, as for strptime: `%d.%m.%Y %H:%M:%S`.
   * @default - `2020-02-29 10:30:00`, and the other forms of ISO 8601 in docs/ingest.md
   */
  readonly dateTimeFormat?: string;
  /** Time zone of texts without an offset in TIMESTAMP columns: `Europe/Berlin`. @default - Etc/UTC */
  readonly timeZone?: string;
  /** Names in the header, or keys of the lines, that are not ingested: personal data, for example. @default - none */
  readonly ignore?: readonly string[];
  /**
   * What happens to a name in the header, or a key of a line, that is neither a column nor in `ignore`: `fail` stops the
   * run with schema drift (jsonl: rejects the row), `ignore` leaves it out, and `json` stores it in the column `_extra`,
   * as a JSON object with all unknown values of the row.
   * @default - fail
   */
  readonly extra?: (typeof extraPolicies)[number];
}

export const sourceFormats = ["csv", "jsonl", "parquet"] as const;
export const compressions = ["none", "gzip", "zip"] as const;
export const encodings = ["utf-8", "utf-16", "latin1", "windows-1252"] as const;
export const thousandsSigns = [".", ",", " ", "'", "_"] as const;
export const extraPolicies = ["fail", "ignore", "json"] as const;

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
  /** @default - that of the data set's periods: of a week, its first day; of a quarter, its first month */
  readonly granularity?: (typeof granularities)[number];
}

export const granularities = ["hour", "day", "month", "year"] as const;

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
  /** The earliest period: `2019`, `2019-Q1`, `2019-01`, `2019-W05`, `2019-01-31` or `2019-01-31T05`. */
  readonly firstPeriod: string;
  /** The final period. @default - none: the source is still publishing */
  readonly lastPeriod?: string;
}

/** Props of `defineDataset`: everything that the platform knows about a data set. */
export type DatasetProps = OnceProps | PeriodicProps;

/** Properties of a source that are always set once the defaults are applied. */
type SetInSource = "url" | "format" | "compression" | "nullValues" | "delimiter" | "quote";

/**
 * A source with all defaults applied. Properties that are not set have no effect: the digest of a specification does
 * not depend on them.
 */
export type SpecSource = Required<Pick<Source, SetInSource>> & Omit<Source, SetInSource>;

/** Fields that are always set once the defaults are applied. */
interface FilledIn {
  readonly source: SpecSource;
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
