import type { DuckDBConnection } from "@duckdb/node-api";
import { type DatasetSpec, tableColumns } from "../../dataset";
import { queryNumber, queryRows } from "../engine/rows";
import { quoteIdentifier, quoteLiteral } from "../engine/sql";
import { duckdbTypes } from "../engine/types";
import { Failure } from "../failure";

/** Version of what the warehouse file holds beside the data sets' tables. */
const homeVersion = 1;

/** A data set's table. */
export function quotedName(spec: DatasetSpec): string {
  return `raw.${quoteIdentifier(spec.id)}`;
}

export async function tableExists(
  connection: DuckDBConnection,
  schema: string,
  table: string,
): Promise<boolean> {
  const count = `SELECT count(*) FROM duckdb_tables() WHERE schema_name = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(table)}`;
  return (await queryNumber(connection, count)) > 0;
}

/**
 * Whether the warehouse can hold the data set: nothing is written.
 *
 * @param replaceTables whether a table that does not fit will be replaced
 * @throws Failure drift when its table has a column of another type than the specification, permanent when a newer
 *   version of this program has written to the warehouse
 */
export async function checkWarehouse(
  connection: DuckDBConnection,
  spec: DatasetSpec,
  replaceTables: boolean,
): Promise<void> {
  if (await tableExists(connection, "tributary", "home")) {
    const version = await queryNumber(connection, "SELECT max(version) FROM tributary.home");
    if (version > homeVersion) {
      throw new Failure(
        "permanent",
        `this home is of version ${version}, this program writes version ${homeVersion}: use the newer program that has made it`,
      );
    }
  }
  const [fault] = await typeFaults(connection, spec);
  if (fault === undefined || replaceTables) return;
  throw new Failure(
    "drift",
    `warehouse table raw.${spec.id}: ${fault}; run again with --replace to drop the table with all its periods ` +
      "and load into a new one, or name the new column differently",
  );
}

/**
 * Creates what is missing for a data set; a table from an older specification gets the new columns, one that does not
 * fit is dropped with its ledger.
 *
 * @throws Failure as checkWarehouse does
 */
export async function prepareWarehouse(
  connection: DuckDBConnection,
  spec: DatasetSpec,
  replaceTables: boolean,
): Promise<void> {
  await checkWarehouse(connection, spec, replaceTables);
  await connection.run("CREATE SCHEMA IF NOT EXISTS tributary");
  await connection.run("CREATE TABLE IF NOT EXISTS tributary.home (version INTEGER PRIMARY KEY)");
  await connection.run(`INSERT OR IGNORE INTO tributary.home VALUES (${homeVersion})`);
  await connection.run(
    "CREATE TABLE IF NOT EXISTS tributary.ledger (dataset VARCHAR, period VARCHAR, key VARCHAR, rows BIGINT, loaded_at TIMESTAMPTZ, PRIMARY KEY (dataset, period))",
  );
  await connection.run("CREATE SCHEMA IF NOT EXISTS raw");
  if ((await typeFaults(connection, spec)).length > 0) {
    await connection.run(`DROP TABLE ${quotedName(spec)}`);
    await connection.run(`DELETE FROM tributary.ledger WHERE dataset = ${quoteLiteral(spec.id)}`);
  }
  const columns = tableColumns(spec);
  const definitions = columns.map(
    ({ name, type, mode }) =>
      `${quoteIdentifier(name)} ${duckdbTypes[type]}${mode === "REQUIRED" ? " NOT NULL" : ""}`,
  );
  await connection.run(`CREATE TABLE IF NOT EXISTS ${quotedName(spec)} (${definitions.join(", ")})`);
  const found = await columnsOf(connection, spec);
  for (const { name, type } of columns) {
    if (found.has(name)) continue;
    await connection.run(
      `ALTER TABLE ${quotedName(spec)} ADD COLUMN ${quoteIdentifier(name)} ${duckdbTypes[type]}`,
    );
  }
  const required = columns.filter(({ mode }) => mode === "REQUIRED").map(({ name }) => name);
  for (const [name, { nullable }] of found) {
    // Required once, and no more: or no column of the specification at all.
    if (nullable || required.includes(name)) continue;
    await connection.run(`ALTER TABLE ${quotedName(spec)} ALTER ${quoteIdentifier(name)} DROP NOT NULL`);
  }
}

/** Columns that have other types than the specification says; none when there is no table yet. */
async function typeFaults(connection: DuckDBConnection, spec: DatasetSpec): Promise<string[]> {
  const found = await columnsOf(connection, spec);
  return tableColumns(spec).flatMap(({ name, type }) => {
    const has = found.get(name)?.type;
    const wanted = duckdbTypes[type].replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE");
    if (has === undefined || has === wanted) return [];
    return [`column ${name} is ${has}, the specification says ${type} (${wanted})`];
  });
}

async function columnsOf(connection: DuckDBConnection, spec: DatasetSpec) {
  const rows = await queryRows(
    connection,
    `SELECT column_name, data_type, is_nullable FROM duckdb_columns()
     WHERE schema_name = 'raw' AND table_name = ${quoteLiteral(spec.id)}`,
  );
  return new Map(
    rows.map((row) => [
      String(row["column_name"]),
      { type: String(row["data_type"]), nullable: row["is_nullable"] === true },
    ]),
  );
}
