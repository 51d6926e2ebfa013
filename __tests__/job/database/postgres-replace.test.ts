import { join } from "node:path";
import { type ColumnType, defineDataset, Period } from "../../../dataset";
import { serverAt } from "../../../job/database/connection";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../embedded-postgres";
import { PostgresDatabase } from "../../../job/database/postgres";
import { DuckdbWarehouse } from "../../../job/warehouse/duckdb-warehouse";
import { openEngine, type Engine } from "../../../job/engine/engine";
import { cleanUp, newFolder, newHome } from "../integration/support";
import { copyOf } from "./support";

const spec = defineDataset({
  id: "orders",
  description: "Orders.",
  source: { url: "https://example.com/{period}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2024-01",
  columns: [{ name: "number", type: "INTEGER", description: "Number." }],
});
const period = Period.parse("month", "2024-01");

let server: EmbeddedPostgres;
let engine: Engine;
beforeAll(async () => {
  const folder = newHome();
  server = await startEmbeddedPostgres(join(folder, "postgres"));
  engine = await openEngine(join(folder, "warehouse.duckdb"), () => undefined);
});
afterAll(async () => {
  engine.close();
  await server.stop();
  await cleanUp();
});

/** Orders of the period; several streams may read them. */
function orders(count: number) {
  const query = `SELECT range::BIGINT AS number, DATE '2024-01-01' AS _period FROM range(${count})`;
  return copyOf(engine.connection, query, spec);
}

test("guarantee 12: The database's transaction is committed only if the object has not been replaced: otherwise rows and ledger are unchanged", async () => {
  const database = await PostgresDatabase.connect(serverAt(server.url));
  try {
    expect(await database.replace(spec, period, "first", await orders(3))).toBe(3);
    const refused = database.replace(spec, period, "second", await orders(5), {
      beforeCommit: () => Promise.reject(new Error("another run has been here")),
    });
    await expect(refused).rejects.toThrow("another run has been here");
    expect(await database.holds(spec, period, "first")).toBe(3);
    expect(await database.holds(spec, period, "second")).toBeUndefined();
  } finally {
    await database.close();
  }
});

test("replace of the same period in two connections: the second one confirms after the first one has ended", async () => {
  const databases = await Promise.all([1, 2].map(() => PostgresDatabase.connect(serverAt(server.url))));
  const [one, other] = databases;
  try {
    const seen: string[] = [];
    const load = async (name: string, database: PostgresDatabase | undefined, count: number) => {
      await database?.replace(spec, period, name, await orders(count), {
        beforeCommit: () => {
          seen.push(`${name} confirms`);
          return Promise.resolve();
        },
      });
      seen.push(`${name} has ended`);
    };
    await load("earlier", one, 1);
    await Promise.all([load("a", one, 30_000), load("b", other, 30_000)]);
    const [first = ""] = seen.slice(2);
    const name = first.charAt(0);
    expect(seen.slice(2, 4)).toEqual([`${name} confirms`, `${name} has ended`]);
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
});

test("rows of a file that does not reach the lake never appear", async () => {
  const database = await PostgresDatabase.connect(serverAt(server.url));
  try {
    await database.replace(spec, period, "published", await orders(4));
    const replaced = database.replace(spec, period, "unpublished", await orders(6), {
      beforeSwap: () => Promise.reject(new Error("the second reading differs")),
    });
    await expect(replaced).rejects.toThrow("the second reading differs");
    expect(await database.holds(spec, period, "published")).toBe(4);
    const warehouse = new DuckdbWarehouse(engine);
    const file = join(newFolder(), "orders.parquet");
    const query = "SELECT range::BIGINT AS number, DATE '2024-01-01' AS _period FROM range(5)";
    await engine.connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`);
    const record = {
      path: "orders.parquet",
      bytes: 0,
      sha256: "",
      rows: 5,
      local: () => Promise.resolve(file),
    };
    await warehouse.replace(spec, period, "published", { ...record, published: () => Promise.resolve() });
    const refused = warehouse.replace(spec, period, "unpublished", {
      ...record,
      published: () => Promise.reject(new Error("the second reading differs")),
    });
    await expect(refused).rejects.toThrow("the second reading differs");
    expect(await warehouse.holds(spec, period, "published")).toBe(5);
  } finally {
    await database.close();
  }
});

test.each<[string, number, ColumnType, RegExp]>([
  ["more columns than a table can have", 1600, "STRING", /1601 columns, but Postgres allows at most 1600/],
  ["rows longer than a page", 1100, "INTEGER", /at least \d+ bytes, but Postgres allows at most 8160/],
])(
  "guarantee 5: a data set that the database cannot store is rejected: %s",
  async (_name, count, type, message) => {
    const columns = Array.from({ length: count }, (_, index) => ({
      name: `c${index}`,
      type,
      description: "x",
    }));
    const wide = defineDataset({
      id: "wide",
      description: "Wide.",
      source: { url: "{period}.csv", format: "csv" },
      grain: "month",
      firstPeriod: "2024-01",
      columns,
    });
    const database = await PostgresDatabase.connect(serverAt(server.url));
    try {
      await expect(database.check(wide)).rejects.toMatchObject({
        kind: "permanent",
        message: expect.stringMatching(message) as string,
      });
      await database.check(spec);
    } finally {
      await database.close();
    }
  },
);
