import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { revenueMart } from "../../dataset";
import { queryRows } from "../../job/engine/rows";
import { loadMonths } from "../../spark/driver/load";
import { publishMonths } from "../../spark/driver/publish";

let folder: string;
let connection: DuckDBConnection;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-spark-"));
  connection = await (await DuckDBInstance.create(":memory:")).connect();
});
afterEach(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

const lake = () => join(folder, "lake");
const inLake = (month: string) =>
  join(lake(), `marts/${revenueMart.name}/month=${month}/${revenueMart.name}_${month}.parquet`);

/** A draft as Spark writes it, with a number of zones in each month. */
async function draft(name: string, months: Readonly<Record<string, number>>): Promise<string> {
  const place = join(folder, name);
  for (const [month, zones] of Object.entries(months)) {
    mkdirSync(join(place, `month=${month}`), { recursive: true });
    const columns = revenueMart.columns.map((column) => {
      if (column.name === "location_id") return "i AS location_id";
      if (column.type === "DATE") return `DATE '${month}-01' AS ${column.name}`;
      if (column.type === "STRING") return `'text' AS ${column.name}`;
      return column.type === "NUMERIC"
        ? `1.10::DECIMAL(38, 9) AS ${column.name}`
        : `2::${column.type === "FLOAT" ? "DOUBLE" : "BIGINT"} AS ${column.name}`;
    });
    await connection.run(
      `COPY (SELECT ${columns.join(", ")} FROM range(${zones}) AS t(i)) TO '${join(place, `month=${month}`, "part-0.parquet")}' (FORMAT parquet)`,
    );
    writeFileSync(join(place, `month=${month}`, "_SUCCESS"), "");
  }
  return place;
}

async function zonesByMonth(): Promise<Readonly<Record<string, number>>> {
  const rows = await queryRows(
    connection,
    `SELECT strftime(revenue_month, '%Y-%m') AS month, count(*)::INTEGER AS zones FROM core.${revenueMart.name} GROUP BY ALL ORDER BY 1`,
  );
  return Object.fromEntries(rows.map((row) => [String(row["month"]), Number(row["zones"])]));
}

async function replace(
  months: Readonly<Record<string, number>>,
  range?: { readonly from: string; readonly to: string },
) {
  const place = await draft(`draft-${Math.random()}`, months);
  const files = await publishMonths(place, lake(), range === undefined);
  return loadMonths(connection, files, range);
}

test("all months: what the result does not have is removed from lake and table", async () => {
  await replace({ "2019-01": 3, "2019-02": 4 });
  expect(await replace({ "2019-02": 5, "2019-03": 6 })).toEqual({
    months: 2,
    rows: 11,
    trips: 22,
    revenue: "12.10",
  });
  expect(await zonesByMonth()).toEqual({ "2019-02": 5, "2019-03": 6 });
  expect([existsSync(inLake("2019-01")), existsSync(inLake("2019-03"))]).toEqual([false, true]);
});

test("a range: only its months are replaced, and one without trips is emptied", async () => {
  await replace({ "2019-01": 3, "2019-02": 4, "2019-03": 5 });
  const loaded = await replace({ "2019-02": 7, "2019-03": 0 }, { from: "2019-02", to: "2019-03" });
  expect(loaded).toMatchObject({ months: 1, rows: 7 });
  expect(await zonesByMonth()).toEqual({ "2019-01": 3, "2019-02": 7 });
  expect(["2019-01", "2019-02", "2019-03"].map((month) => existsSync(inLake(month)))).toEqual([
    true,
    true,
    true,
  ]);
});

test("rows of another month than the requested ones: nothing is changed", async () => {
  await replace({ "2019-01": 3 });
  const place = await draft("wrong", { "2019-05": 2 });
  const files = await publishMonths(place, lake(), false);
  await expect(loadMonths(connection, files, { from: "2019-01", to: "2019-01" })).rejects.toThrow(
    `core.${revenueMart.name} would have 0 rows of these months instead of 2; it is not changed`,
  );
  expect(await zonesByMonth()).toEqual({ "2019-01": 3 });
});

test("a month of several files is not published, nor are the others", async () => {
  const place = await draft("two", { "2019-01": 1, "2019-02": 1 });
  writeFileSync(join(place, "month=2019-02", "part-1.parquet"), "");
  await expect(publishMonths(place, lake(), true)).rejects.toThrow("has 2 Parquet files instead of one");
  expect(existsSync(lake())).toBe(false);
});
