import { existsSync, rmSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { dbtPackages } from "../../transform/driver/environment";
import { cleanUp, duckdb, filesIn, newFolder, warehouse } from "../job/integration/support";
import { describeUnless } from "../support/unless";
import { killGroup, transform } from "../transform/laptop";
import { generated, ingestAll, publishAgain, real, type SourceFiles } from "../transform/months";
import { missingPython } from "../transform/support";
import { missingSpark, revenue, startRevenue } from "./laptop";

const minutes = 60_000;
const missing = missingSpark();
const amounts = [
  ...["fare", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge"],
  ...["congestion_surcharge", "total_amount"],
];
const mart = "core.spark_monthly_zone_revenue";

/** Rows of a table of revenues: exact sums, and means to five digits, because each engine rounds halves in its own way. */
const rowsOf = (table: string) => `
  SELECT location_id, revenue_zone, revenue_borough, revenue_month::VARCHAR AS month, service_type, total_monthly_trips AS trips,
         ${amounts.map((name) => `revenue_monthly_${name}::VARCHAR AS ${name}`).join(", ")},
         round(avg_monthly_passenger_count, 5) AS passengers, round(avg_monthly_trip_distance, 5) AS miles
  FROM ${table} ORDER BY ALL`;

/** The same from the files of the lake, in another way: floating-point numbers, rounded to cents at the end. */
function independent(home: string): string {
  const files = (dataset: string) =>
    `read_parquet('${join(home, "lake/raw", dataset)}/**/*.parquet', union_by_name = true)`;
  const trips = [
    `SELECT 'Yellow' AS service, tpep_pickup_datetime AS pickup, * FROM ${files("yellow_tripdata")}`,
    ...(existsSync(join(home, "lake/raw/green_tripdata"))
      ? [`SELECT 'Green' AS service, lpep_pickup_datetime AS pickup, * FROM ${files("green_tripdata")}`]
      : []),
  ].join(" UNION ALL BY NAME ");
  const zones = `SELECT "LocationID" FROM ${files("taxi_zones")} WHERE "Borough" NOT IN ('Unknown', 'N/A')`;
  return `
    SELECT "PULocationID" AS location_id, strftime(pickup, '%Y-%m-01') AS month, service AS service_type, count(*) AS trips,
           round(sum(total_amount), 2) AS total, round(sum(tip_amount), 2) AS tips, round(sum(fare_amount), 2) AS fare
    FROM (${trips}) WHERE "PULocationID" IN (${zones}) AND "DOLocationID" IN (${zones})
    GROUP BY ALL ORDER BY ALL`;
}
const cents = `
  SELECT location_id, revenue_month::VARCHAR AS month, service_type, total_monthly_trips AS trips,
         revenue_monthly_total_amount::DOUBLE AS total, revenue_monthly_tip_amount::DOUBLE AS tips, revenue_monthly_fare::DOUBLE AS fare
  FROM ${mart} ORDER BY ALL`;

afterAll(cleanUp);

describe.each<[string, SourceFiles]>([
  [generated.name, generated],
  [real.name, real],
])("%s", (_, source) => {
  describeUnless(missing ?? missingPython(dbtPackages) ?? source.reason)("spark revenue", () => {
    let home: string;
    beforeAll(async () => {
      const folder = newFolder();
      // Spark reads paths as patterns.
      home = join(newFolder(), "a home {1}");
      await mkdir(home);
      await source.write(folder);
      await ingestAll(source, folder, home);
    }, 5 * minutes);

    test(
      "the numbers are those of dbt, and of SQL over the same files, to the cent; the lake has the same rows",
      async () => {
        const { code, result, stderr } = await revenue(home);
        expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
        expect((await transform(home, "build")).code).toBe(0);
        const found = await warehouse(home, rowsOf(mart));
        expect(found.length).toBeGreaterThan(400);
        expect(found).toEqual(await warehouse(home, rowsOf("core.dm_monthly_zone_revenue")));
        expect(await warehouse(home, cents)).toEqual(await duckdb(independent(home)));
        expect(found).toEqual(await duckdb(rowsOf(lakeFiles(home))));
        expect(result).toMatchObject({ rows: found.length });
        expect(filesIn(join(home, "scratch", "revenue"))).toEqual({});
      },
      5 * minutes,
    );
  });
});

describeUnless(missing)("spark revenue of months", () => {
  let [home, folder] = ["", ""];
  beforeAll(async () => {
    [home, folder] = [newFolder(), newFolder()];
    await generated.write(folder);
    await ingestAll(generated, folder, home);
    expect((await revenue(home)).code).toBe(0);
  }, 5 * minutes);

  test(
    "replaces exactly the months it was asked for; a month that has no trips any more is emptied",
    async () => {
      const right = await warehouse(home, rowsOf(mart));
      const files = Object.keys(filesIn(join(home, "lake", "marts")));
      // Other months are wrong on purpose, to see that they are not touched; 2031-01 has rows that no trip explains.
      await write(
        home,
        `UPDATE ${mart} SET total_monthly_trips = -1 WHERE revenue_month <> DATE '2019-02-01'`,
      );
      await write(
        home,
        `INSERT INTO ${mart} BY NAME SELECT * REPLACE (DATE '2031-01-01' AS revenue_month) FROM ${mart}`,
      );
      expect((await revenue(home, "--from", "2019-02", "--to", "2019-02")).code).toBe(0);
      const others = await warehouse(
        home,
        `SELECT DISTINCT revenue_month::VARCHAR AS month, total_monthly_trips = -1 AS wrong FROM ${mart} ORDER BY ALL`,
      );
      expect(others.filter(({ wrong }) => wrong === false).map(({ month }) => month)).toContain("2019-02-01");
      expect(others.filter(({ wrong }) => wrong === true).map(({ month }) => month)).toContain("2019-01-01");
      const { code, result } = await revenue(home, "--from", "2030-12", "--to", "2031-02");
      expect([code, result]).toMatchObject([0, { months: 0, rows: 0, trips: 0 }]);
      expect(
        await warehouse(
          home,
          `SELECT count(*)::INTEGER AS n FROM ${mart} WHERE revenue_month > DATE '2030-01-01'`,
        ),
      ).toEqual([{ n: 0 }]);

      // All months: all is right again.
      expect((await revenue(home)).code).toBe(0);
      expect(await warehouse(home, rowsOf(mart))).toEqual(right);
      expect(await duckdb(rowsOf(lakeFiles(home)))).toEqual(right);
      expect(Object.keys(filesIn(join(home, "lake", "marts")))).toEqual(files);
    },
    10 * minutes,
  );

  test(
    "killed while it computes, and between lake and warehouse: run again, and all is right",
    async () => {
      await publishAgain(folder, "2019-03", 3);
      await ingestAll(generated, folder, home, "yellow_tripdata");
      const before = await warehouse(home, rowsOf(mart));
      const march = join(
        home,
        "lake/marts/spark_monthly_zone_revenue/month=2019-03/spark_monthly_zone_revenue_2019-03.parquet",
      );
      const published = statSync(march).ino;
      const isKilled = [
        () => existsSync(join(home, "scratch", "revenue")),
        () => statSync(march).ino !== published,
      ];
      for (const due of isKilled) {
        const running = startRevenue(home);
        const look = setInterval(() => {
          if (due()) killGroup(running.process);
        }, 1);
        const { code } = await running.ended;
        clearInterval(look);
        // The second can be too late, between the commit and the end.
        if (code !== 0) expect(code).toBeNull();
      }
      expect((await revenue(home)).code).toBe(0);
      expect(await warehouse(home, cents)).toEqual(await duckdb(independent(home)));
      expect(await warehouse(home, rowsOf(mart))).not.toEqual(before);
      expect(await warehouse(home, rowsOf(mart))).toEqual(await duckdb(rowsOf(lakeFiles(home))));
    },
    10 * minutes,
  );

  test(
    "another process has the warehouse open: it waits",
    async () => {
      const instance = await DuckDBInstance.create(join(home, "warehouse.duckdb"));
      const { ended } = startRevenue(home, ["--from", "2019-01", "--to", "2019-01"]);
      const timer = setTimeout(() => {
        instance.closeSync();
      }, 4000);
      const { code, stderr } = await ended;
      clearTimeout(timer);
      expect(code).toBe(0);
      expect(stderr).toContain(`is in use by process ${process.pid}: waiting`);
    },
    5 * minutes,
  );

  test(
    "a file that is not Parquet: exit code 1, the file is named, and nothing is changed",
    async () => {
      const before = filesIn(home);
      const broken = join(home, "lake/raw/green_tripdata/year=2019/month=03");
      await mkdir(broken, { recursive: true });
      await duckdb(`COPY (SELECT 'no trips' AS text) TO '${join(broken, "broken.parquet")}' (FORMAT csv)`);
      const { code, result } = await revenue(home);
      rmSync(broken, { recursive: true });
      expect([code, result]).toMatchObject([1, { error: { kind: "permanent" } }]);
      expect("error" in result ? result.error.message : "").toContain("broken.parquet");
      expect(filesIn(join(home, "lake", "marts"))).toEqual(
        Object.fromEntries(
          Object.entries(before).flatMap(([name, entry]) =>
            name.startsWith("lake/marts/") ? [[name.slice("lake/marts/".length), entry]] : [],
          ),
        ),
      );
    },
    5 * minutes,
  );
});

function lakeFiles(home: string): string {
  const folder = join(home, "lake/marts/spark_monthly_zone_revenue");
  return `read_parquet('${folder}/*/*.parquet', hive_partitioning = false)`;
}

async function write(home: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(home, "warehouse.duckdb"));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
