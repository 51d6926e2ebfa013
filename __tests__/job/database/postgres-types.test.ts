import { join } from "node:path";
import { Client } from "pg";
import { columnTypes, defineDataset, Period } from "../../../dataset";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import { serverAt } from "../../../job/database/connection";
import { PostgresDatabase } from "../../../job/database/postgres";
import { openEngine } from "../../../job/engine/engine";
import { cleanUp, newHome } from "../integration/support";
import { copyOf } from "./support";

const spec = defineDataset({
  id: "all_types",
  description: "One column of each type.",
  source: { url: "x.csv", format: "csv" },
  grain: "once",
  columns: columnTypes.map((type) => ({ name: `A_${type}`, type, description: "x" })),
});

/** Values at the limits of each type, in SQL for both DuckDB and Postgres. */
const rows = [
  [
    "'é ☃ \"quoted\"'",
    "9223372036854775807",
    "1.7976931348623157e308",
    "99999999999999999999999999999.999999999",
    "true",
    "DATE '9999-12-31'",
    "TIMESTAMP '9999-12-31 23:59:59.999999'",
    "TIMESTAMPTZ '2019-01-01 00:46:40+00'",
  ],
  [
    "''",
    "-9223372036854775808",
    "-5e-324",
    "-0.000000001",
    "false",
    "DATE '0001-01-01'",
    "TIMESTAMP '0001-01-01 00:00:00'",
    "TIMESTAMPTZ '1969-12-31 23:59:59.5+00'",
  ],
  [
    "'x'",
    "0",
    "0.1",
    "0",
    "true",
    "DATE '2000-01-01'",
    "TIMESTAMP '2000-01-01'",
    "TIMESTAMPTZ '2000-01-01 00:00:00+00'",
  ],
  [
    "'y'",
    "-1",
    "'Infinity'",
    "10000.5",
    "true",
    "DATE '1999-12-31'",
    "TIMESTAMP '1999-12-31'",
    "TIMESTAMPTZ '1999-12-31 00:00:00+00'",
  ],
  columnTypes.map(() => "NULL"),
];
const types = {
  duckdb: ["VARCHAR", "BIGINT", "DOUBLE", "DECIMAL(38,9)", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMPTZ"],
  postgres: [
    "text",
    "bigint",
    "double precision",
    "numeric(38,9)",
    "boolean",
    "date",
    "timestamp",
    "timestamptz",
  ],
};
const cast = (to: readonly string[]) =>
  rows
    .map((row) => `(${row.map((value, index) => `CAST(${value} AS ${to[index] ?? ""})`).join(", ")})`)
    .join(", ");

afterAll(cleanUp);

test("replace copies the limits of every type to Postgres without changes", async () => {
  const folder = newHome();
  const engine = await openEngine(join(folder, "warehouse.duckdb"), () => undefined);
  const server = await startEmbeddedPostgres(join(folder, "postgres"));
  const database = await PostgresDatabase.connect(serverAt(server.url));
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    const next = await copyOf(engine.connection, `SELECT * FROM (VALUES ${cast(types.duckdb)})`, spec);
    const loaded = await database.replace(spec, Period.once, "key", next);
    expect(loaded).toBe(rows.length);
    // Postgres compares the copied values with those of the same SQL.
    const names = columnTypes.map((type) => `a_${type.toLowerCase()}`).join(", ");
    const expected = `SELECT * FROM (VALUES ${cast(types.postgres)}) AS expected (${names})`;
    const found = `SELECT ${names} FROM raw.all_types`;
    const difference = await client.query(
      `(${expected} EXCEPT ${found}) UNION ALL (${found} EXCEPT ${expected})`,
    );
    expect(difference.rows).toEqual([]);
  } finally {
    await client.end();
    await database.close();
    await server.stop();
    engine.close();
  }
});
