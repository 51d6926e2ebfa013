/**
 * `npm run bench:spark [-- --months 12 --rows 1400000]`: computes the revenue with Spark and with a plain SQL query over
 * the same files, and prints processor seconds, of which those to start (from one trip), trips per second and peak memory.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetPath, Period } from "../../../dataset";
import { installSpark } from "../../../spark/driver/environment";
import { columns } from "../../columns";
import { benchOfMonths } from "../months";
import { measuredProgram, type ProcessFigures } from "../process-figures";

async function main(months: number, rows: number): Promise<void> {
  const installed = await installSpark();
  if (installed.kind === "missing") throw new Error(installed.reason);
  const { python, env } = installed.spark;
  const folder = mkdtempSync(join(tmpdir(), "bench-spark-"));
  const settings =
    "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false --driver-memory 1g pyspark-shell";
  const spark = (lake: string) =>
    measuredProgram(
      python,
      [join("spark", "revenue.py"), "--lake", lake, "--output", join(folder, "output")],
      { ...env, PYSPARK_SUBMIT_ARGS: settings },
    );
  const plain = (lake: string) =>
    measuredProgram(
      process.execPath,
      ["scripts/run.mjs", "checks/bench/spark/plain.ts", lake, join(folder, "plain.parquet")],
      process.env,
    );
  try {
    const [large, small] = [join(folder, "large"), join(folder, "small")];
    await fill(large, months, rows);
    await fill(small, 1, 1);
    const total = months * rows;
    const line = (name: string, whole: ProcessFigures, start: ProcessFigures) => [
      name,
      whole.seconds.toFixed(1),
      whole.processorSeconds.toFixed(1),
      start.processorSeconds.toFixed(1),
      Math.round(total / whole.processorSeconds).toLocaleString("en-US"),
      whole.megabytes.toFixed(0),
    ];
    process.stdout.write(
      `${months} months of ${rows.toLocaleString("en-US")} trips\n\n${columns([
        ["", "seconds", "processor seconds", "to start", "trips per processor second", "peak MB"],
        line("Spark", await spark(large), await spark(small)),
        line("DuckDB, one query", await plain(large), await plain(small)),
      ])}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A lake with zones and months of yellow trips, with the columns that the revenue needs. */
async function fill(lake: string, months: number, rows: number): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const write = async (sql: string, path: string) => {
    mkdirSync(dirname(join(lake, path)), { recursive: true });
    await connection.run(`COPY (${sql}) TO '${join(lake, path)}' (FORMAT parquet)`);
  };
  const first = Period.parse("month", "2019-01");
  for (const period of Period.range(first, first.plus(months - 1))) {
    await write(
      `SELECT TIMESTAMP '${period.startDate}' + to_seconds((h % 2400000)::BIGINT) AS tpep_pickup_datetime,
              (h % 7)::BIGINT AS passenger_count, (h % 1500) / 100.0::DOUBLE AS trip_distance,
              1 + h % 265 AS PULocationID, 1 + (h // 7) % 265 AS DOLocationID,
              ((h % 4000) / 100.0)::DOUBLE AS fare_amount, 0.5::DOUBLE AS extra, 0.5::DOUBLE AS mta_tax,
              ((h % 900) / 100.0)::DOUBLE AS tip_amount, 0.0::DOUBLE AS tolls_amount,
              0.3::DOUBLE AS improvement_surcharge, ((h % 6000) / 100.0)::DOUBLE AS total_amount,
              2.5::DOUBLE AS congestion_surcharge
       FROM (SELECT (hash(i + ${rows}) % 1000000007)::BIGINT AS h FROM range(${rows}) AS t(i))`,
      parquetPath("yellow_tripdata", period),
    );
  }
  await write(
    `SELECT i AS LocationID, CASE WHEN i > 263 THEN 'Unknown' ELSE 'Borough ' || i % 5 END AS Borough, 'Zone ' || i AS Zone
     FROM range(1, 266) AS t(i)`,
    parquetPath("taxi_zones", Period.once),
  );
  connection.closeSync();
}

benchOfMonths("bench:spark", main);
