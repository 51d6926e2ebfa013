/**
 * `npm run bench:transform [-- --months 12 --rows 1400000]`: builds the models with dbt, and the same SQL without it, and
 * prints seconds and peak memory of both.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { taxis } from "../../../tour/catalog";
import { Period } from "../../../dataset";
import { openEngine } from "../../../job/engine/engine";
import { prepareWarehouse } from "../../../job/warehouse/duckdb-schema";
import { cache } from "../../../programs/cache";
import { installPython } from "../../../programs/python";
import { dbtPackages } from "../../../transform/driver/environment";
import { projectFiles, projectFolder } from "../../../transform/driver/project";
import { readResults } from "../../../transform/driver/results";
import { usedDatasets } from "../../../transform/driver/source-columns";
import { columns } from "../../columns";
import { benchOfMonths } from "../months";
import { measuredProgram } from "../process-figures";

/** As in profiles.yml. */
const settings = { memory_limit: "150MB", threads: "2", preserve_insertion_order: "false" };

async function main(months: number, rows: number): Promise<void> {
  const installed = await installPython(cache, dbtPackages);
  if (installed.kind === "missing") throw new Error(installed.reason);
  const { python } = installed.place;
  const folder = mkdtempSync(join(tmpdir(), "bench-transform-"));
  try {
    const warehouse = join(folder, "warehouse.duckdb");
    const first = Period.parse("month", "2019-01");
    const periods = Period.range(first, first.plus(months - 1)).map(({ startDate }) => startDate);
    await fill(warehouse, periods, rows);
    const target = join(folder, "target");
    const dbt = await measuredProgram(
      python,
      [
        ...["-c", "from dbt.cli.main import cli; cli()", "build", "--full-refresh"],
        ...["--project-dir", projectFolder, "--profiles-dir", projectFolder],
        ...["--vars", JSON.stringify({ periods })],
      ],
      { ...process.env, WAREHOUSE_FILE: warehouse, DBT_TARGET_PATH: target, DBT_LOG_PATH: folder },
    );
    const results = (await readResults(join(target, "run_results.json"))) ?? [];
    const spent = (kind: "model" | "test") =>
      results.filter((one) => one.kind === kind).reduce((sum, { seconds }) => sum + seconds, 0);
    const compiled = join(target, "compiled", "tributary", "models", "core");
    const script = resolve("checks", "bench", "transform", "plain.py");
    const plain = await measuredProgram(
      python,
      [script, warehouse, compiled, JSON.stringify(periods), JSON.stringify(settings)],
      process.env,
    );
    const [models, tests] = [spent("model"), spent("test")];
    const overhead = ((dbt.seconds - tests - plain.seconds) / plain.seconds) * 100;
    process.stdout.write(
      `${months} months of ${rows.toLocaleString("en-US")} trips\n\n${columns([
        ["", "seconds", "peak MB"],
        ["dbt build", dbt.seconds.toFixed(1), dbt.megabytes.toFixed(0)],
        ["  models", models.toFixed(1), ""],
        ["  tests", tests.toFixed(1), ""],
        ["  start, parsing", (dbt.seconds - models - tests).toFixed(1), ""],
        ["the same SQL without dbt", plain.seconds.toFixed(1), plain.megabytes.toFixed(0)],
      ])}\n\nWithout its tests, dbt takes ${overhead.toFixed(0)} % longer than the SQL alone.\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Raw tables with zones and months of yellow trips. */
async function fill(file: string, periods: readonly string[], rows: number): Promise<void> {
  const engine = await openEngine(file, () => undefined);
  try {
    const { connection } = engine;
    for (const id of usedDatasets(projectFiles())) {
      const spec = taxis.get(id);
      if (spec !== undefined) await prepareWarehouse(connection, spec, false);
    }
    await connection.run(
      `INSERT INTO raw.taxi_zones
       SELECT i, CASE WHEN i > 263 THEN 'Unknown' ELSE 'Borough ' || i % 5 END, 'Zone ' || i, 'Boro Zone'
       FROM range(1, 266) AS t(i)`,
    );
    for (const period of periods) {
      await connection.run(
        `INSERT INTO raw.yellow_tripdata BY NAME
         SELECT 1 + h % 2 AS VendorID, pickup AS tpep_pickup_datetime,
                pickup + to_seconds((60 + h % 3000)::BIGINT) AS tpep_dropoff_datetime, (h % 7)::BIGINT AS passenger_count,
                (h % 1500) / 100.0 AS trip_distance, 1 AS RatecodeID, 'N' AS store_and_fwd_flag,
                1 + h % 265 AS PULocationID, 1 + (h // 7) % 265 AS DOLocationID, 1 + h % 4 AS payment_type,
                (h % 4000) / 100.0 AS fare_amount, 0.5 AS extra, 0.5 AS mta_tax, (h % 900) / 100.0 AS tip_amount,
                0.0 AS tolls_amount, 0.3 AS improvement_surcharge, (h % 6000) / 100.0 AS total_amount,
                2.5 AS congestion_surcharge, DATE '${period}' AS _period
         FROM (SELECT (hash(i) % 1000000007)::BIGINT AS h,
                      TIMESTAMP '${period}' + to_seconds((hash(i) % 2400000)::BIGINT) AS pickup
               FROM range(${rows}) AS t(i))`,
      );
    }
  } finally {
    engine.close();
  }
}

benchOfMonths("bench:transform", main);
