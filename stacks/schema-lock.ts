/** The part of a table's definition that BigQuery cannot change in place. */
export interface TableShape {
  /** `_period by month`, or none. */
  readonly partition: string;
  /** Type and mode by column: `DATETIME REQUIRED`. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The deployed tables, by data set or by dataset and table: stacks/schemas.lock.json. */
export type SchemaLock = Readonly<Record<string, TableShape>>;
