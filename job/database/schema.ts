import type { Client } from "pg";
import { tableColumns, type ColumnType, type DatasetSpec, periodColumn } from "../../dataset";
import { Failure } from "../failure";
import { quoteIdentifier } from "../engine/sql";
import type { Server } from "./connection";

/** The Postgres type of each column type. */
const postgresTypes: Readonly<Record<ColumnType, string>> = {
  STRING: "text",
  INTEGER: "bigint",
  FLOAT: "double precision",
  NUMERIC: "numeric(38,9)",
  BOOLEAN: "boolean",
  DATE: "date",
  DATETIME: "timestamp without time zone",
  TIMESTAMP: "timestamp with time zone",
};

/** The data set's table, of which each period is a partition. */
export function parentTable(spec: DatasetSpec): string {
  return `raw.${quoteIdentifier(spec.id)}`;
}

/** @throws Failure permanent when the user may not make schemas in the database */
export async function checkRights(client: Client, { shown }: Server): Promise<void> {
  const { rows } = await client.query<{ allowed: boolean; name: string; user: string }>(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS allowed,
       quote_ident(current_database()) AS name, quote_ident(current_user) AS user`,
  );
  const [found] = rows;
  if (found?.allowed !== false) return;
  throw new Failure(
    "permanent",
    `the database ${shown} does not let this user make schemas; ` +
      `its owner can: GRANT CREATE ON DATABASE ${found.name} TO ${found.user}`,
  );
}

/**
 * Creates what is missing for a data set; a table from an older specification gets the new columns.
 *
 * @throws Failure drift when the table has a column of another type than the specification
 */
export async function prepareTable(client: Client, spec: DatasetSpec): Promise<void> {
  // CREATE ... IF NOT EXISTS is not atomic: two first runs at the same moment would trip over each other.
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('tributary/schema', 0))");
  for (const schema of ["tributary", "raw", "raw_partitions"]) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  }
  await client.query(
    `CREATE TABLE IF NOT EXISTS tributary.ledger (
       dataset text, period text, key text NOT NULL, rows bigint NOT NULL,
       loaded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (dataset, period))`,
  );
  const columns = tableColumns(spec).map(({ name, type, mode }) => ({
    name: name.toLowerCase(),
    type: postgresTypes[type],
    required: mode === "REQUIRED" ? " NOT NULL" : "",
  }));
  const definitions = columns.map(
    ({ name, type, required }) => `${quoteIdentifier(name)} ${type}${required}`,
  );
  const partitioned = spec.grain === "once" ? "" : ` PARTITION BY LIST (${periodColumn.name})`;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${parentTable(spec)} (${definitions.join(", ")})${partitioned}`,
  );
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [parentTable(spec)],
  );
  const found = new Map(rows.map((row) => [row.name, row.type]));
  for (const { name, type } of columns) {
    const has = found.get(name);
    if (has === undefined) {
      await client.query(`ALTER TABLE ${parentTable(spec)} ADD COLUMN ${quoteIdentifier(name)} ${type}`);
    } else if (has !== type) {
      throw new Failure(
        "drift",
        `database table raw.${spec.id}: column ${name} is ${has}, the specification says ${type}; ` +
          "drop the table and ingest its periods again, or name the new column differently",
      );
    }
  }
}
