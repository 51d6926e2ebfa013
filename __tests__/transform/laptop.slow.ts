import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dbtPackages } from "../../transform/driver/environment";
import { cleanUp, duckdb, filesIn, newFolder, warehouse } from "../job/integration/support";
import { describeUnless } from "../support/unless";
import { differingTables, killGroup, periodsIn, startTransform, transform, type Transformed } from "./laptop";
import { generated, ingestAll, publishAgain, real, type SourceFiles } from "./months";
import { missingModels, missingPython } from "./support";

const minutes = 60_000;
const missing = missingModels ?? missingPython(dbtPackages);

/** The marts, computed from raw in another way: no views, no macros, floating-point numbers rounded at the end. */
const revenue = `
  SELECT "PULocationID" AS location_id, strftime(pickup, '%Y-%m-01') AS month, service, count(*) AS trips,
         round(sum(total_amount), 2) AS total, round(sum(tip_amount), 2) AS tips, avg(trip_distance) AS miles
  FROM (SELECT 'Yellow' AS service, tpep_pickup_datetime AS pickup, * FROM raw.yellow_tripdata
        UNION ALL BY NAME
        SELECT 'Green' AS service, lpep_pickup_datetime AS pickup, * FROM raw.green_tripdata)
  WHERE "PULocationID" IN (SELECT "LocationID" FROM raw.taxi_zones WHERE "Borough" <> 'Unknown')
    AND "DOLocationID" IN (SELECT "LocationID" FROM raw.taxi_zones WHERE "Borough" <> 'Unknown')
  GROUP BY ALL ORDER BY ALL`;
const mart = `
  SELECT location_id, strftime(revenue_month, '%Y-%m-%d') AS month, service_type AS service, total_monthly_trips AS trips,
         revenue_monthly_total_amount::DOUBLE AS total, revenue_monthly_tip_amount::DOUBLE AS tips,
         avg_monthly_trip_distance AS miles
  FROM core.dm_monthly_zone_revenue ORDER BY ALL`;

describe.each<[string, SourceFiles]>([
  [generated.name, generated],
  [real.name, real],
])("%s", (_, source) => {
  describeUnless(missing ?? source.reason)("transform build", () => {
    let home: string;
    let built: Transformed;
    beforeAll(async () => {
      const folder = newFolder();
      home = newFolder();
      await source.write(folder);
      await ingestAll(source, folder, home);
      built = await transform(home, "build");
    }, 5 * minutes);
    afterAll(cleanUp);

    test(
      "all models are built and all tests pass; then nothing has changed",
      async () => {
        expect(built.summary).toMatchObject({ changed: true, failures: [], tests: { failed: 0 } });
        expect(built.code).toBe(0);
        expect(built.stderr).toContain("core.fact_trips");
        const before = filesIn(home);
        const again = await transform(home, "build");
        expect(again.summary).toMatchObject({ changed: false, models: [] });
        expect(filesIn(home)["warehouse.duckdb"]?.split(" ")[0]).toBe(
          before["warehouse.duckdb"]?.split(" ")[0],
        );
      },
      5 * minutes,
    );

    test("the mart has the numbers of an independent query, to the cent", async () => {
      const [expected, found] = [await warehouse(home, revenue), await warehouse(home, mart)];
      expect(expected.length).toBeGreaterThan(400);
      // The mart rounds means to six digits; the mean of floating-point numbers can be on the other side of a half.
      const withoutMeans = (rows: typeof found) => rows.map((row) => ({ ...row, miles: undefined }));
      expect(withoutMeans(found)).toEqual(withoutMeans(expected));
      for (const [index, row] of expected.entries())
        expect(Math.abs(Number(found[index]?.["miles"]) - Number(row["miles"]))).toBeLessThan(1e-6);
    });

    test("no trip of raw is lost: equal trips have different keys, and those left out are counted", async () => {
      const [trips] = await warehouse(
        home,
        `SELECT (SELECT count(*) FROM raw.yellow_tripdata) + (SELECT count(*) FROM raw.green_tripdata) AS raw,
                (SELECT count(*) FROM core.fact_trips) + (SELECT sum(trips)::BIGINT FROM core.trips_left_out WHERE service_type <> 'FHV') AS core,
                (SELECT count(DISTINCT trip_id) FROM core.fact_trips) AS keys, (SELECT count(*) FROM core.fact_trips) AS facts`,
      );
      expect(trips?.["core"]).toBe(trips?.["raw"]);
      expect(trips?.["keys"]).toBe(trips?.["facts"]);
    });

    test(
      "a failing test is exit code 3, and named; the next build tries again",
      async () => {
        // A trip that is in the facts twice.
        await duckdbWrite(
          home,
          "INSERT INTO core.fact_trips FROM core.fact_trips WHERE _period = DATE '2019-02-01' LIMIT 1",
        );
        const { code, summary } = await transform(home, "test");
        expect(code).toBe(3);
        expect(summary.failures.map(({ name }) => name).sort()).toEqual([
          "revenue_adds_up",
          "trips_add_up",
          "unique_in_period_fact_trips_trip_id",
        ]);
        expect((await transform(home, "build", "--period", "2019-02")).summary).toMatchObject({
          periods: ["2019-02-01"],
          tests: { failed: 0 },
        });
        expect((await transform(home, "test")).code).toBe(0);
      },
      5 * minutes,
    );

    test(
      "docs is one page with all models",
      async () => {
        expect((await transform(home, "docs")).code).toBe(0);
        expect(readFileSync(join(home, "transform", "docs.html"), "utf8")).toContain(
          "dm_monthly_zone_revenue",
        );
      },
      2 * minutes,
    );
  });
});

/** More with `npm run soak -- transform 20`. */
const kills = Number(process.env["SOAK_KILLS"] ?? 3);

describeUnless(missing)("a period that is ingested again", () => {
  let folder: string;
  let home: string;
  beforeAll(async () => {
    folder = newFolder();
    home = newFolder();
    await generated.write(folder);
    await ingestAll(generated, folder, home);
    expect((await transform(home, "build")).code).toBe(0);
  }, 5 * minutes);
  afterAll(cleanUp);

  /** A home with the same sources, built from nothing. */
  async function fromNothing(): Promise<string> {
    const other = newFolder();
    await ingestAll(generated, folder, other);
    expect((await transform(other, "build")).code).toBe(0);
    return other;
  }

  test(
    "only its rows change, and core equals a build from nothing",
    async () => {
      const before = await periodsIn(home, "fact_trips");
      await publishAgain(folder, "2019-02", 1);
      await ingestAll(generated, folder, home, "yellow_tripdata");
      expect((await transform(home, "build")).summary).toMatchObject({
        periods: ["2019-02-01"],
        failures: [],
      });
      const after = await periodsIn(home, "fact_trips");
      expect(Object.keys(after).filter((period) => after[period] !== before[period])).toEqual(["2019-02-01"]);
      expect(await differingTables(home, await fromNothing())).toEqual([]);
    },
    5 * minutes,
  );

  test(
    "a period that became empty is empty",
    async () => {
      await duckdbWrite(home, "DELETE FROM raw.yellow_tripdata WHERE _period = DATE '2019-03-01'");
      expect((await transform(home, "build", "--period", "2019-03")).code).toBe(0);
      expect(Object.keys(await periodsIn(home, "fact_trips"))).not.toContain("2019-03-01");
      await ingestAll(generated, folder, home, "yellow_tripdata");
      expect((await transform(home, "build")).summary).toMatchObject({ failures: [] });
    },
    5 * minutes,
  );

  test(
    "a build that waits for the warehouse does its work when the other process has ended",
    async () => {
      await publishAgain(folder, "2019-01", 2);
      await ingestAll(generated, folder, home, "yellow_tripdata");
      const [one, two] = [startTransform(home, ["build"]), startTransform(home, ["build"])];
      const ended = await Promise.all([one.ended, two.ended]);
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      expect(ended.filter(({ summary }) => summary.changed).length).toBeGreaterThan(0);
      expect(await differingTables(home, await fromNothing())).toEqual([]);
    },
    8 * minutes,
  );

  test(
    "killed with -9 at several moments: then a build gives what a build from nothing gives",
    async () => {
      for (let kill = 0; kill < kills; kill += 1) {
        await publishAgain(folder, "2019-02", 10 + kill);
        await ingestAll(generated, folder, home, "yellow_tripdata");
        const running = startTransform(home, ["build"]);
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 12_000));
        killGroup(running.process);
        await running.ended;
        // dbt's own record of a table is of the file or it is not there: the file can always be opened.
        expect(
          Number((await warehouse(home, "SELECT count(*) AS n FROM raw.yellow_tripdata"))[0]?.["n"]),
        ).toBeGreaterThan(0);
      }
      expect((await transform(home, "build")).summary).toMatchObject({ failures: [] });
      expect(await differingTables(home, await fromNothing())).toEqual([]);
      const left = await warehouse(
        home,
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%__dbt_%'",
      );
      expect(left).toEqual([]);
      expect(existsSync(join(home, "warehouse.duckdb.spill"))).toBe(false);
    },
    20 * minutes,
  );
});

async function duckdbWrite(home: string, sql: string): Promise<void> {
  await duckdb("SELECT 1", undefined, [`ATTACH '${join(home, "warehouse.duckdb")}' AS w`, "USE w", sql]);
}
