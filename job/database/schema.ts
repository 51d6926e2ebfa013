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

/** The data set's table, with one partition per period. */
export function parentTable(spec: DatasetSpec): string {
  return `raw.${quoteIdentifier(spec.id)}`;
}

/** @throws Failure permanent when the user lacks the privilege to create schemas in the database */
export async function checkRights(client: Client, { shown }: Server): Promise<void> {
  const { rows } = await client.query<{ allowed: boolean; name: string; user: string }>(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS allowed,
       quote_ident(current_database()) AS name, quote_ident(current_user) AS user`,
  );
  const [found] = rows;
  if (found?.allowed !== false) return;
  throw new Failure(
    "permanent",
    `database ${shown}: the user is not allowed to create schemas; run as the owner: ` +
      `GRANT CREATE ON DATABASE ${found.name} TO ${found.user}`,
  );
}

/** https://www.postgresql.org/docs/current/limits.html */
const maxColumns = 1600;
/** Longest row in a page of 8 KB. Postgres stores long texts out of line, but not values of fixed length. */
export const maxRowBytes = 8160;

/**
 * Checks that the data set can be loaded into the database. It writes nothing.
 *
 * @param replaceTables whether a table that does not match the specification will be replaced
 * @throws Failure drift when the table has a column of another type than the specification, or is not partitioned
 *   accordingly; permanent when the columns exceed Postgres' limits
 */
export async function checkTable(client: Client, spec: DatasetSpec, replaceTables: boolean): Promise<void> {
  const columns = tableColumns(spec);
  const found = await tableOf(client, spec);
  // Dropped columns count towards Postgres' limit.
  const added = found === undefined ? columns.length : missingIn(found, spec).length;
  const count = added + (replaceTables ? 0 : (found?.numbered ?? 0));
  if (count > maxColumns) {
    throw tooWide(spec, `it has ${count} columns, but Postgres allows at most ${maxColumns}`);
  }
  const bytes = leastRowBytes(spec);
  if (bytes > maxRowBytes) {
    throw tooWide(spec, `a row has at least ${bytes} bytes, but Postgres allows at most ${maxRowBytes}`);
  }
  const fault = found && faultOf(found, spec);
  if (fault === undefined || replaceTables) return;
  throw new Failure(
    "drift",
    `database table raw.${spec.id}: ${fault}; run again with --replace to drop the table with all its periods ` +
      "and create it again, or give the new column another name",
  );
}

/** The failure of a data set with too many columns for Postgres. */
export function tooWide({ id }: DatasetSpec, what: string): Failure {
  return new Failure(
    "permanent",
    `database table raw.${id}: ${what}; run with --no-database, or split the data set`,
  );
}

/** Least number of bytes of a row without NULL. */
function leastRowBytes(spec: DatasetSpec): number {
  const columns = tableColumns(spec);
  return columns.reduce((sum, { type }) => sum + leastBytes[type], rowHeaderBytes(columns.length));
}

/** Bytes of a row's header, including the NULL bitmap. */
export function rowHeaderBytes(columns: number): number {
  return 8 * Math.ceil((23 + Math.ceil(columns / 8)) / 8);
}

const leastBytes: Readonly<Record<ColumnType, number>> = {
  STRING: 1,
  INTEGER: 8,
  FLOAT: 8,
  NUMERIC: 3,
  BOOLEAN: 1,
  DATE: 4,
  DATETIME: 8,
  TIMESTAMP: 8,
};

/**
 * Creates what is missing for a data set: schemas, ledger and table. A table from an older specification gets the new
 * columns; one that does not match the specification is dropped, with its entries in the ledger.
 *
 * @throws Failure as `checkTable` does
 */
export async function prepareTable(client: Client, spec: DatasetSpec, replaceTables: boolean): Promise<void> {
  // CREATE ... IF NOT EXISTS is not atomic: without a lock, two first runs at the same time would conflict.
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('tributary/schema', 0))");
  await checkTable(client, spec, replaceTables);
  for (const schema of ["tributary", "raw", "raw_partitions"]) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  }
  await client.query(
    `CREATE TABLE IF NOT EXISTS tributary.ledger (
       dataset text, period text, key text NOT NULL, rows bigint NOT NULL,
       loaded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (dataset, period))`,
  );
  const existing = await tableOf(client, spec);
  if (existing !== undefined && faultOf(existing, spec) !== undefined) {
    await client.query(`DROP TABLE ${parentTable(spec)}`);
    await client.query("DELETE FROM tributary.ledger WHERE dataset = $1", [spec.id]);
  }
  const definitions = tableColumns(spec).map(
    ({ name, type, mode }) =>
      `${quoteIdentifier(name.toLowerCase())} ${postgresTypes[type]}${mode === "REQUIRED" ? " NOT NULL" : ""}`,
  );
  const partitioned = spec.grain === "once" ? "" : ` PARTITION BY LIST (${periodColumn.name})`;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${parentTable(spec)} (${definitions.join(", ")})${partitioned}`,
  );
  const found = await tableOf(client, spec);
  if (found === undefined) return;
  for (const { name, type } of missingIn(found, spec)) {
    const column = quoteIdentifier(name.toLowerCase());
    await client.query(`ALTER TABLE ${parentTable(spec)} ADD COLUMN ${column} ${postgresTypes[type]}`);
  }
  const required = tableColumns(spec).flatMap(({ name, mode }) =>
    mode === "REQUIRED" ? [name.toLowerCase()] : [],
  );
  for (const [name, { isRequired }] of found.columns) {
    // The column is no longer REQUIRED, or no longer in the specification.
    if (!isRequired || required.includes(name)) continue;
    await client.query(
      `ALTER TABLE ${parentTable(spec)} ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL`,
    );
  }
  await describe(client, spec);
}

/** Makes the descriptions of the specification those of the table and its columns, in one statement. */
async function describe(client: Client, spec: DatasetSpec): Promise<void> {
  const comments = [
    `COMMENT ON TABLE ${parentTable(spec)} IS ${client.escapeLiteral(spec.description)}`,
    ...tableColumns(spec).map(
      ({ name, description }) =>
        `COMMENT ON COLUMN ${parentTable(spec)}.${quoteIdentifier(name.toLowerCase())} IS ${client.escapeLiteral(description)}`,
    ),
  ];
  await client.query(comments.join("; "));
}

interface FoundTable {
  readonly isPartitioned: boolean;
  /** Number of columns, including dropped ones. */
  readonly numbered: number;
  readonly columns: ReadonlyMap<string, { readonly type: string; readonly isRequired: boolean }>;
}

async function tableOf(client: Client, spec: DatasetSpec): Promise<FoundTable | undefined> {
  const { rows } = await client.query<{
    kind: string;
    name: string;
    type: string;
    required: boolean;
    dropped: boolean;
  }>(
    `SELECT relkind AS kind, attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required,
       attisdropped AS dropped
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE pg_class.oid = to_regclass($1) AND attnum > 0`,
    [parentTable(spec)],
  );
  if (rows.length === 0) return undefined;
  const columns = rows
    .filter(({ dropped }) => !dropped)
    .map(({ name, type, required }) => [name, { type, isRequired: required }] as const);
  return { isPartitioned: rows[0]?.kind === "p", numbered: rows.length, columns: new Map(columns) };
}

function missingIn({ columns }: FoundTable, spec: DatasetSpec) {
  return tableColumns(spec).filter(({ name }) => !columns.has(name.toLowerCase()));
}

/** The first difference between a table and the specification that adding columns cannot resolve. */
function faultOf({ columns, isPartitioned }: FoundTable, spec: DatasetSpec): string | undefined {
  if (isPartitioned !== (spec.grain !== "once")) {
    return isPartitioned
      ? "it is partitioned by period, but the data set has no periods"
      : "it is not partitioned, but the data set has periods";
  }
  for (const { name, type } of tableColumns(spec)) {
    const has = columns.get(name.toLowerCase())?.type;
    if (has !== undefined && has !== postgresTypes[type]) {
      return `column ${name.toLowerCase()} has the type ${has}, but the specification requires ${postgresTypes[type]}`;
    }
  }
  return undefined;
}
