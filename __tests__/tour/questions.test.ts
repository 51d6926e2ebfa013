import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { ask, countRows } from "../../tour/questions";

let folder: string;
let warehouse: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-questions-"));
  warehouse = join(folder, "warehouse.duckdb");
  const instance = await DuckDBInstance.create(warehouse);
  const connection = await instance.connect();
  await connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.taxi_zones ("LocationID" BIGINT, "Zone" VARCHAR, "Borough" VARCHAR);
    INSERT INTO raw.taxi_zones VALUES (132, 'JFK Airport', 'Queens'), (48, 'Clinton East', 'Manhattan');
    CREATE TABLE raw.yellow_tripdata (
      tpep_pickup_datetime TIMESTAMP, "PULocationID" BIGINT, payment_type BIGINT, trip_distance DOUBLE,
      tip_amount DOUBLE, total_amount DOUBLE, _period DATE
    );
    INSERT INTO raw.yellow_tripdata VALUES
      ('2019-01-07 08:10:00', 132, 1, 10, 10, 60, '2019-01-01'),
      ('2019-01-07 08:50:00', 48, 1, 2, 2, 12, '2019-01-01'),
      ('2019-01-14 08:00:00', 48, 2, 3, 0, 15, '2019-01-01'),
      ('2009-01-01 00:00:00', 48, 2, 1, 0, 5, '2019-01-01'),
      ('2019-02-02 23:59:59', 48, NULL, 4, 0, -20, '2019-02-01')`);
  connection.closeSync();
  instance.closeSync();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("ask returns results by month, zone, payment, day and hour of the week", async () => {
  expect(await ask(warehouse)).toEqual({
    months: [
      { month: "2019-01", trips: 4, revenue: 92, miles: 4, outside: 1 },
      { month: "2019-02", trips: 1, revenue: -20, miles: 4, outside: 0 },
    ],
    zones: [
      { zone: "JFK Airport", borough: "Queens", trips: 1, revenue: 60 },
      { zone: "Clinton East", borough: "Manhattan", trips: 4, revenue: 12 },
    ],
    payments: [
      { payment: "Cash", trips: 2, revenue: 20, tip_share: 0 },
      { payment: "Credit card", trips: 2, revenue: 72, tip_share: 0.2 },
      { payment: "Unknown", trips: 1, revenue: -20, tip_share: -0 },
    ],
    days: [
      { day: "2019-01-07", trips: 2, revenue: 72 },
      { day: "2019-01-14", trips: 1, revenue: 15 },
      { day: "2019-02-02", trips: 1, revenue: -20 },
    ],
    hours: [
      { weekday: 1, hour: 8, trips: 1.5 },
      { weekday: 6, hour: 23, trips: 1 },
    ],
  });
});

test("countRows counts by period, not by date", async () => {
  expect(await countRows(warehouse, "yellow_tripdata")).toEqual(
    new Map([
      ["2019-01", 4],
      ["2019-02", 1],
    ]),
  );
});
