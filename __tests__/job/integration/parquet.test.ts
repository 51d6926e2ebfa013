import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { yellow } from "../../fixtures/catalog";
import { duckdbTypes } from "../../../job/engine/types";
import { specifications } from "../../support/specifications";
import { cleanUp, database, duckdb, filesIn, ingest, newFolder, warehouse } from "./support";

afterEach(cleanUp);

/** Columns as in the TLC's current files: some integers as DOUBLE, others in 32 bits, empty ones in any type. */
const columns = {
  VendorID: "(i % 2 + 1)::INTEGER",
  tpep_pickup_datetime: "TIMESTAMP '2024-01-01 00:00:00' + to_minutes(i)",
  tpep_dropoff_datetime: "TIMESTAMP '2024-01-01 00:10:30.123456' + to_minutes(i)",
  passenger_count: "CASE WHEN i % 10 = 0 THEN NULL ELSE i % 6 END::DOUBLE",
  trip_distance: "(i % 200 / 10)::DOUBLE",
  RatecodeID: "CASE WHEN i % 10 = 0 THEN NULL ELSE 1 END::DOUBLE",
  store_and_fwd_flag: "CASE WHEN i % 2 = 0 THEN 'N' ELSE 'Y' END",
  PULocationID: "(i % 263 + 1)::INTEGER",
  DOLocationID: "(i % 100 + 1)::INTEGER",
  payment_type: "(i % 4 + 1)::BIGINT",
  fare_amount: "(i % 50)::DOUBLE",
  extra: "0.5::DOUBLE",
  mta_tax: "0.5::DOUBLE",
  tip_amount: "1.25::DOUBLE",
  tolls_amount: "0::DOUBLE",
  improvement_surcharge: "1::DOUBLE",
  total_amount: "(i % 50 + 3.25)::DOUBLE",
  congestion_surcharge: "2.5::DOUBLE",
  Airport_fee: "NULL::INTEGER",
};
type Columns = Readonly<Record<string, string>>;
const count = 3_000;

async function write(file: string, layout: Columns): Promise<void> {
  const select = Object.entries(layout).map(([name, sql]) => `${sql} AS "${name}"`);
  await duckdb(
    `COPY (SELECT ${select.join(", ")} FROM range(${count}) AS r(i)) TO '${file}' (FORMAT parquet)`,
  );
}

function argsFor(home: string, folder: string): readonly string[] {
  const from = join(folder, "yellow_tripdata_{period}.parquet");
  return ["--dataset", "yellow_tripdata", "--period", "2024-01", "--home", home, "--source", from];
}

const lakeFile = "lake/raw/yellow_tripdata/year=2024/month=01/yellow_tripdata_2024-01.parquet";
const rejectsFile = "lake/rejects/yellow_tripdata/year=2024/month=01/yellow_tripdata_2024-01.jsonl";

test("ingest run converts a Parquet file in the current layout to the specification's names and types", async () => {
  const [folder, home] = [newFolder(), newFolder()];
  await write(join(folder, "yellow_tripdata_2024-01.parquet"), columns);
  const outcome = await ingest(argsFor(home, folder));
  expect(outcome.stderr).toBe("");
  expect(outcome).toMatchObject({
    code: 0,
    summary: {
      periods: [{ rows: { read: count, rejected: 0, parquet: count, warehouse: count, database: count } }],
    },
  });
  const types = await duckdb(
    `DESCRIBE SELECT * FROM read_parquet('${join(home, lakeFile)}', hive_partitioning = false)`,
  );
  expect(types.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
    ...yellow.columns.map(({ name, type }) => [name, duckdbTypes[type]]),
    ["_period", "DATE"],
  ]);
  const sums = `SELECT CAST(sum(passenger_count) AS bigint)::text AS passengers, count(ratecodeid)::int AS rates, count(airport_fee)::int AS fees,
      max(tpep_dropoff_datetime)::text AS last, sum(fare_amount)::text AS fares FROM raw.yellow_tripdata`;
  const [expected] = await duckdb(
    `SELECT CAST(sum(passenger_count) AS bigint)::text AS passengers, count(RatecodeID)::int AS rates, 0 AS fees,
       max(tpep_dropoff_datetime)::text AS last FROM '${folder}/*.parquet'`,
  );
  expect(await warehouse(home, sums)).toMatchObject([{ ...expected }]);
  expect(await database(home, sums)).toMatchObject([{ ...expected }]);
});

test("ingest run rejects invalid values of a Parquet file with the number of their row", async () => {
  const [folder, home] = [newFolder(), newFolder()];
  await write(join(folder, "yellow_tripdata_2024-01.parquet"), {
    ...columns,
    passenger_count: "CASE i WHEN 16 THEN 1.5 ELSE 2 END::DOUBLE",
    payment_type: "CASE i WHEN 2047 THEN 1e300 ELSE 1 END::DOUBLE",
    tpep_pickup_datetime: `CASE i WHEN 2999 THEN NULL ELSE ${columns.tpep_pickup_datetime} END`,
    fare_amount: "CASE i WHEN 20 THEN 'free' ELSE '7' END",
  });
  const outcome = await ingest([...argsFor(home, folder), "--no-database"]);
  expect(outcome.stderr).toBe("");
  expect(outcome).toMatchObject({
    code: 0,
    summary: { periods: [{ rows: { read: count, rejected: 4, warehouse: count - 4 } }] },
  });
  const rejects = readFileSync(join(home, rejectsFile), "utf8").trimEnd().split("\n");
  expect(rejects.map((json): unknown => JSON.parse(json))).toEqual([
    {
      line: 17,
      column: "passenger_count",
      reason: '"1.5" is not a valid INTEGER: a 64-bit integer',
      raw: expect.stringMatching(/"passenger_count":1\.5/) as unknown,
    },
    expect.objectContaining({
      line: 21,
      column: "fare_amount",
      reason: expect.stringMatching(/^"free" is not a valid FLOAT/) as unknown,
    }),
    expect.objectContaining({ line: 2048, column: "payment_type" }),
    expect.objectContaining({
      line: 3000,
      column: "tpep_pickup_datetime",
      reason: expect.stringMatching(/missing/) as unknown,
    }),
  ]);

  const strict = specifications({ ...yellow, badRows: { action: "fail" } });
  const failed = await ingest([...argsFor(newFolder(), folder), "--no-database"], strict);
  expect(failed.code).toBe(4);
  expect(failed.stderr).toMatch(
    /yellow_tripdata_2024-01\.parquet line 17: column passenger_count: .*4 rows do not match/,
  );
});

test.each([
  {
    name: "an unknown column",
    layout: { ...columns, surge_factor: "1.0" },
    code: 4,
    message: /field 20 "surge_factor" is not in the specification/,
  },
  {
    name: "a missing column",
    layout: Object.fromEntries(Object.entries(columns).slice(1)),
    code: 4,
    message: /column VendorID is missing/,
  },
  {
    name: "a truncated file",
    layout: columns,
    cut: 4_000,
    code: 3,
    message: /is truncated: it has no Parquet footer/,
  },
])("ingest run publishes nothing of a Parquet file with $name", async ({ layout, cut, code, message }) => {
  const [folder, home] = [newFolder(), newFolder()];
  const file = join(folder, "yellow_tripdata_2024-01.parquet");
  await write(file, layout);
  if (cut !== undefined) truncateSync(file, cut);
  const failed = await ingest([...argsFor(home, folder), "--no-database"]);
  expect(failed).toMatchObject({ code, summary: { periods: [], error: { exitCode: code } } });
  expect(failed.stderr).toMatch(/^yellow_tripdata 2024-01: yellow_tripdata_2024-01\.parquet/);
  expect(failed.stderr).toMatch(message);
  expect(Object.keys(filesIn(home))).toEqual(["warehouse.duckdb"]);
});
