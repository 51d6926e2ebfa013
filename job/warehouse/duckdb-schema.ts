import type { DuckDBConnection } from "@duckdb/node-api";
import { type DatasetSpec, tableColumns } from "../../dataset";
import { queryNumber, queryRows } from "../engine/rows";
import { quoteIdentifier, quoteLiteral } from "../engine/sql";
import { duckdbTypes } from "../engine/types";
import { Failure } from "../failure";

/** Version of the layout of a home. */
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
 * Checks that the data set can be loaded into the warehouse. It writes nothing.
 *
 * @param replaceTables whether a table that does not match the specification will be replaced
 * @throws Failure drift when the table has a column of another type than the specification, permanent when a newer
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
        `the home has version ${version}, but this program supports version ${homeVersion}: upgrade this program`,
      );
    }
  }
  const [fault] = await typeFaults(connection, spec);
  if (fault === undefined || replaceTables) return;
  throw new Failure(
    "drift",
    `warehouse table raw.${spec.id}: ${fault}; run again with --replace to drop the table with all its periods ` +
      "and create it again, or give the new column another name",
  );
}

/**
 * Creates what is missing for a data set. A table from an older specification gets the new columns; one that does not
 * match the specification is dropped, with its entries in the ledger.
 *
 * @throws Failure as `checkWarehouse` does
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
    // The column is no longer REQUIRED, or no longer in the specification.
    if (nullable || required.includes(name)) continue;
    await connection.run(`ALTER TABLE ${quotedName(spec)} ALTER ${quoteIdentifier(name)} DROP NOT NULL`);
  }
}

/** Columns whose types differ from the specification; empty when the table does not exist. */
async function typeFaults(connection: DuckDBConnection, spec: DatasetSpec): Promise<string[]> {
  const found = await columnsOf(connection, spec);
  return tableColumns(spec).flatMap(({ name, type }) => {
    const has = found.get(name)?.type;
    const wanted = duckdbTypes[type].replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE");
    if (has === undefined || has === wanted) return [];
    return [`column ${name} has the type ${has}, but the specification requires ${type} (${wanted})`];
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
