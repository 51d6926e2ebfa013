/** What a table is, as far as BigQuery cannot change it in place. */
export interface TableShape {
  /** `_period by month`, or none. */
  readonly partition: string;
  /** Type and mode by column: `DATETIME REQUIRED`. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The shapes that are deployed, by data set or dataset and table: stacks/schemas.lock.json. */
export type SchemaLock = Readonly<Record<string, TableShape>>;
