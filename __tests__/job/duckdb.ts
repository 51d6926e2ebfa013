import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

/** A database in memory for the tests of a file, set up as the engine sets up its own; closed after them. */
export function testDatabase(): { readonly connection: DuckDBConnection } {
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
  });
  afterAll(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return {
    get connection() {
      return connection;
    },
  };
}
