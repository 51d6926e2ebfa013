import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetPath, Period } from "../../dataset";
import { Home } from "../../job/home";
import { tripSource } from "../../streaming/produce/trips";
import type { Trip } from "../../streaming/ride";
import yellow from "../../tour/catalog/yellow_tripdata";

let home: Home;
beforeEach(() => {
  home = new Home(mkdtempSync(join(tmpdir(), "tributary-trips-")));
});
afterEach(() => {
  rmSync(home.folder, { recursive: true });
});

/** Writes a month of the lake: vendor, amount and time of pick-up of each trip. */
async function month(label: string, trips: readonly (readonly [number | null, number | null, string])[]) {
  const file = join(home.lake, parquetPath(yellow.id, Period.parse("month", label)));
  mkdirSync(dirname(file), { recursive: true });
  const rows = trips.map(
    ([vendor, total, time]) =>
      `(${vendor ?? "NULL"}::BIGINT, 1::BIGINT, 1.53::DOUBLE, 1::BIGINT, ${total ?? "NULL"}::DOUBLE, '${time}'::TIMESTAMP)`,
  );
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${rows.join(", ")}) AS t(VendorID, passenger_count, trip_distance, payment_type, total_amount, tpep_pickup_datetime)) TO '${file}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

async function first(trips: AsyncIterable<Trip>, count: number): Promise<Trip[]> {
  const found: Trip[] = [];
  for await (const trip of trips) {
    if (found.length === count) break;
    found.push(trip);
  }
  return found;
}

test("a month of the lake is replayed in order of pick-up, to the cent, without trips of other months", async () => {
  await month("2019-02", [
    [2, 12.3, "2019-02-28 23:59:59"],
    [1, 0.1 + 0.2, "2019-02-01 00:00:00"],
    [null, null, "2019-02-01 00:00:00"],
    [1, 5, "2008-12-31 23:00:00"],
    [1, 5, "2019-03-01 00:00:00"],
  ]);
  await month("2019-03", [[1, 1, "2019-03-01 00:00:00"]]);
  const source = await tripSource(home, yellow);
  expect(source.name).toBe("yellow-2019-02");
  const trips = await first(source.trips(), 10);
  expect(trips.map((trip) => [trip.vendor_id, trip.total_amount, trip.pickup_datetime])).toEqual([
    [1, 0.3, "2019-02-01T00:00:00"],
    [null, null, "2019-02-01T00:00:00"],
    [2, 12.3, "2019-02-28T23:59:59"],
  ]);
  expect(trips[0]).toMatchObject({ passenger_count: 1, trip_distance: 1.53, payment_type: 1 });
  // The same each time: a replay that was killed is continued by number.
  expect(await first(source.trips(), 10)).toEqual(trips);
  expect((await tripSource(home, yellow, "2019-03")).name).toBe("yellow-2019-03");
});

test("without trips in the lake, a sample is replayed; another month is refused, with what to do", async () => {
  const sample = await tripSource(home, yellow);
  expect(sample.name).toBe("sample-2019-01");
  const trips = await first(sample.trips(), 500);
  const times = trips.map(({ pickup_datetime }) => pickup_datetime);
  expect(times).toEqual([...times].sort());
  expect(times[0]).toMatch(/^2019-01-01T00:/);
  for (const { total_amount } of trips) expect(Number((total_amount ?? 0).toFixed(2))).toBe(total_amount);
  await expect(tripSource(home, yellow, "2019-02")).rejects.toMatchObject({
    kind: "permanent",
    message:
      `yellow_tripdata 2019-02 is not in ${home.lake}; available: none. To ingest it: ` +
      "npm run ingest -- run --dataset yellow_tripdata --period 2019-02",
  });
});
