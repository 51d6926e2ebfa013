/** Tests of the ingestion of three months of yellow taxi trips, for files of any origin. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describeUnless } from "../../support/unless";
import {
  cleanUp,
  database,
  duckdb,
  filesIn,
  ingest,
  newFolder,
  type Outcome,
  processesIn,
  sha256,
  start,
  warehouse,
} from "./support";
import { header } from "./yellow";

export const months = ["2019-01", "2019-02", "2019-03"] as const;

/** The source of the months. */
export interface Months {
  /** Why the files are not available. @default - they are */
  readonly reason?: string;
  /** Number of rows of each month. None is rejected. */
  readonly rows: number;
  /** Writes the files, with the names of `fileOf`. */
  readonly write: (folder: string) => void;
}

/** Declares the tests. */
export function monthsAreIngested(name: string, { reason, rows, write }: Months): void {
  describeUnless(reason)(name, () => {
    let source: string;
    let home: string;
    let first: Outcome;
    const args = () => [
      ...["--dataset", "yellow_tripdata", "--from", "2019-01", "--to", "2019-03", "--home", home],
      ...["--source", join(source, "yellow_tripdata_{period}.csv.gz")],
    ];
    const counts = { read: rows, rejected: 0, parquet: rows, warehouse: rows, database: rows };

    beforeAll(async () => {
      source = newFolder();
      home = newFolder();
      write(source);
      first = await ingest(args());
    });
    afterAll(cleanUp);

    test("the lake, the warehouse and the database have all rows of each month", async () => {
      expect(first.code).toBe(0);
      expect(first.summary.error).toBeUndefined();
      expect(first.summary.periods).toMatchObject(
        months.map((period) => ({
          period,
          changed: true,
          rows: counts,
          source: { sha256: sha256(readFileSync(join(source, fileOf(period)))) },
        })),
      );
      const counted = months.map((period) => ({ period, rows }));
      const perMonth = (table: string) =>
        `SELECT substr(CAST(_period AS varchar), 1, 7) AS period, CAST(count(*) AS integer) AS rows FROM ${table} GROUP BY 1 ORDER BY 1`;
      expect(await duckdb(perMonth(lakeOf(home)))).toEqual(counted);
      expect(await warehouse(home, perMonth("raw.yellow_tripdata"))).toEqual(counted);
      expect(await database(home, perMonth("raw.yellow_tripdata"))).toEqual(counted);
      expect(processesIn(home)).toEqual([]);
    });

    test("columns have the same sums in the source, the lake, the warehouse and the database", async () => {
      const csv = `read_csv('${source}/*.csv.gz', filename = true, header = true, auto_detect = false, strict_mode = false, columns = {${columnsOfCsv}})`;
      const [expected] = await duckdb(sums(csv, "substr(parse_filename(filename), 17, 7)"));
      // The sums are not empty.
      expect(expected?.["rows"]).toBe(String(months.length * rows));
      expect(expected?.["tip_amount"]).toMatch(/^\d{6,}$/);
      const period = "substr(CAST(_period AS varchar), 1, 7)";
      expect(await duckdb(sums(lakeOf(home), period))).toEqual([expected]);
      expect(await warehouse(home, sums("raw.yellow_tripdata", period))).toEqual([expected]);
      expect(await database(home, sums("raw.yellow_tripdata", period))).toEqual([expected]);
    });

    test("columns have the types of the specification in every month", async () => {
      const schemas = await Promise.all(
        months.map((month) =>
          duckdb(
            `SELECT name, type, logical_type, repetition_type FROM parquet_schema('${parquetOf(home, month)}')`,
          ),
        ),
      );
      expect(schemas[1]).toEqual(schemas[0]);
      expect(schemas[2]).toEqual(schemas[0]);
      // Empty in almost all rows of January.
      expect(schemas[0]).toContainEqual(
        expect.objectContaining({ name: "congestion_surcharge", type: "DOUBLE" }),
      );
      expect(schemas[0]).toContainEqual(expect.objectContaining({ name: "passenger_count", type: "INT64" }));
      // Missing from the files of these years.
      expect(schemas[0]).toContainEqual(expect.objectContaining({ name: "airport_fee", type: "DOUBLE" }));
    });

    test("the metadata of the Parquet files identifies their source", async () => {
      for (const month of months) {
        const pairs = await duckdb(
          `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${parquetOf(home, month)}')`,
        );
        const hash = sha256(readFileSync(join(source, fileOf(month))));
        expect(Object.fromEntries(pairs.map(({ key, value }) => [key, value]))).toMatchObject({
          "tributary.dataset": "yellow_tripdata",
          "tributary.period": month,
          "tributary.source": join(source, fileOf(month)),
          "tributary.source_sha256": hash,
          "tributary.spec_version": "1",
        });
      }
    });

    test("a second run writes nothing and reports it", async () => {
      const before = { files: filesOutsidePostgres(home), database: await databaseState(home) };
      const again = await ingest(args());
      expect(again.code).toBe(0);
      expect(again.summary.periods).toMatchObject(
        months.map((period) => ({ period, changed: false, rows: { parquet: rows, database: rows } })),
      );
      const shown = await start(["run", ...args()]).ended;
      expect(shown.code).toBe(0);
      expect(shown.stdout.match(/2019-0\d +unchanged/g)).toHaveLength(3);
      expect(shown.stdout).toContain("nothing was written");
      expect({ files: filesOutsidePostgres(home), database: await databaseState(home) }).toEqual(before);
    });

    test("only a month that has changed at the source is replaced", async () => {
      const file = join(source, fileOf("2019-02"));
      const original = readFileSync(file);
      const before = { files: filesOutsidePostgres(home), database: await databaseState(home) };
      const lines = gunzipSync(original).toString().split("\n");
      lines.splice(Math.floor(rows / 2), 1);
      writeFileSync(file, gzipSync(lines.join("\n")));

      const changed = await ingest(args());
      expect(changed.code).toBe(0);
      const fewer = rows - 1;
      expect(changed.summary.periods.map(({ period, changed, rows }) => [period, changed, rows])).toEqual(
        months.map((period) =>
          period === "2019-02"
            ? [period, true, { read: fewer, rejected: 0, parquet: fewer, warehouse: fewer, database: fewer }]
            : [period, false, counts],
        ),
      );
      const after = { files: filesOutsidePostgres(home), database: await databaseState(home) };
      const others = (files: Readonly<Record<string, string>>) =>
        Object.entries(files).filter(([name]) => name.startsWith("lake/") && !name.includes("month=02"));
      expect(others(after.files)).toEqual(others(before.files));
      expect(others(after.files)).toHaveLength(6);
      for (const index of [0, 2]) expect(after.database[index]).toEqual(before.database[index]);
      expect(after.database[1]).not.toEqual(before.database[1]);
      const period = "substr(CAST(_period AS varchar), 1, 7)";
      const [expected] = await duckdb(sums(lakeOf(home), period));
      expect(expected).toMatchObject({ rows: String(months.length * rows - 1) });
      expect(await warehouse(home, sums("raw.yellow_tripdata", period))).toEqual([expected]);
      expect(await database(home, sums("raw.yellow_tripdata", period))).toEqual([expected]);

      writeFileSync(file, original);
      expect((await ingest(args())).code).toBe(0);
      const bytes = (files: Readonly<Record<string, string>>) =>
        Object.entries(files)
          .filter(([name]) => name.endsWith(".parquet"))
          .map(([name, facts]) => [name, facts.split(" ")[0]]);
      // The same source results in the same bytes.
      expect(bytes(filesOutsidePostgres(home))).toEqual(bytes(before.files));
    });
  });
}

/** Name of the file of a month. */
export function fileOf(month: string): string {
  return `yellow_tripdata_${month}.csv.gz`;
}

function lakeOf(home: string): string {
  return `read_parquet('${home}/lake/raw/yellow_tripdata/**/*.parquet', hive_partitioning = false)`;
}

function parquetOf(home: string, month: string): string {
  return `${home}/lake/raw/yellow_tripdata/year=2019/month=${month.slice(5)}/yellow_tripdata_${month}.parquet`;
}

function filesOutsidePostgres(home: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filesIn(home)).filter(([name]) => !name.startsWith("postgres/")));
}

/** The ledger, and the file of each partition: a rewritten table has another file. */
function databaseState(home: string): Promise<Record<string, unknown>[]> {
  return database(
    home,
    `SELECT ledger.*, ledger.xmin::text, pg_relation_filepath(('raw_partitions.' || dataset || '_' || replace(period, '-', '_'))::regclass)
     FROM tributary.ledger ORDER BY period`,
  );
}

const columns = header.split(",");
const times = columns.filter((name) => name.endsWith("_datetime"));
const whole = ["VendorID", "passenger_count", "RatecodeID", "PULocationID", "DOLocationID", "payment_type"];
const columnsOfCsv = columns
  .map((name) => [name, times.includes(name) ? "TIMESTAMP" : name.endsWith("flag") ? "VARCHAR" : "DOUBLE"])
  .map(([name, type]) => `${name}: '${type}'`)
  .join(", ");

/** Exact sums as text, in SQL for both engines: amounts and distances have two decimal places; rows are counted by month. */
function sums(table: string, month: string): string {
  const parts = columns.map((name) => {
    const value = times.includes(name)
      ? `extract(epoch FROM ${name})`
      : name === "store_and_fwd_flag"
        ? `ascii(${name})`
        : whole.includes(name)
          ? name
          : `round(${name} * 100)`;
    const weighed = `${value} * CAST(substr(${month}, 6, 2) AS integer)`;
    return `CAST(sum(CAST(${weighed} AS bigint)) AS varchar) AS ${name.toLowerCase()}, count(${name}) AS ${name.toLowerCase()}_values`;
  });
  return `SELECT CAST(count(*) AS varchar) AS rows, ${parts.join(", ")} FROM ${table}`;
}
