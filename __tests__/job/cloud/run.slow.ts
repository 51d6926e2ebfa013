import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { defineDataset } from "../../../dataset";
import { fieldsOf } from "../../../job/warehouse/bigquery-load";
import { cleanUp, newFolder, sha256, start } from "../integration/support";
import { csv, rows } from "../integration/yellow";
import { type Cloud, missingCloud, startCloud } from "./support";
import { specifications } from "../../support/specifications";
import { describeUnless } from "../../support/unless";

jest.setTimeout(120_000);

describeUnless(missingCloud())("the ingest job in the cloud", () => {
  let cloud: Cloud;
  let folder: string;
  let source: readonly string[];

  beforeAll(async () => {
    cloud = await startCloud("dev");
    folder = newFolder();
    source = ["--source", join(folder, "{period}.csv")];
    put("2019-01", 3_000);
    put("2019-02", 2_000);
  });
  afterAll(cleanUp);
  afterEach(() => {
    expect(cloud.fronts.bigquery.untranslatable).toEqual([]);
  });

  const put = (period: string, count: number, seed = 0) => {
    writeFileSync(join(folder, `${period}.csv`), csv(rows(period, count, seed)));
  };
  const inWarehouse = () =>
    cloud.warehouse(
      "SELECT CAST(_period AS STRING) AS period, count(*) AS trips, round(sum(total_amount), 2) AS total FROM {yellow_tripdata} GROUP BY 1 ORDER BY 1",
    );
  const inDatabase = () =>
    cloud.database(
      "SELECT _period::text AS period, count(*)::int AS trips, round(sum(total_amount)::numeric, 2)::float AS total FROM raw.yellow_tripdata GROUP BY 1 ORDER BY 1",
    );

  test("months are loaded into lake, warehouse and database with only the variables that the stacks set", async () => {
    const done = await cloud.run("yellow_tripdata", ["--from", "2019-01", "--to", "2019-02", ...source]);
    expect(done).toMatchObject({
      code: 0,
      stderr: "",
      summary: {
        periods: [
          { changed: true, rows: { read: 3_000, parquet: 3_000, warehouse: 3_000, database: 3_000 } },
          { changed: true, rows: { read: 2_000, parquet: 2_000, warehouse: 2_000, database: 2_000 } },
        ],
      },
    });
    expect(await cloud.lake()).toEqual([
      "manifests/yellow_tripdata/year=2019/month=01/_SUCCESS",
      "manifests/yellow_tripdata/year=2019/month=01/manifest.json",
      "manifests/yellow_tripdata/year=2019/month=01/warehouse.json",
      "manifests/yellow_tripdata/year=2019/month=02/_SUCCESS",
      "manifests/yellow_tripdata/year=2019/month=02/manifest.json",
      "manifests/yellow_tripdata/year=2019/month=02/warehouse.json",
      "raw/yellow_tripdata/year=2019/month=01/yellow_tripdata_2019-01.parquet",
      "raw/yellow_tripdata/year=2019/month=02/yellow_tripdata_2019-02.parquet",
    ]);
    expect(await inWarehouse()).toMatchObject([
      { period: "2019-01-01", trips: 3_000 },
      { period: "2019-02-01", trips: 2_000 },
    ]);
    expect(await inDatabase()).toEqual(await inWarehouse());
    const [login] = cloud.fronts.cloudSql.logins;
    expect(login).toMatchObject({ user: "dev-ingest@replace-me-dev.iam", database: "warehouse" });
    expect(login?.token).not.toBeUndefined();
    expect(cloud.fronts.cloudSql.connections()).toBe(0);
  });

  test("a second run writes nothing", async () => {
    const { storage, bigquery } = cloud.fronts;
    const [files, jobs] = [storage.asked.length, bigquery.asked.length];
    const done = await cloud.run("yellow_tripdata", ["--from", "2019-01", "--to", "2019-02", ...source]);
    expect(done).toMatchObject({ code: 0, summary: { periods: [{ changed: false }, { changed: false }] } });
    expect(storage.asked.slice(files).filter(({ method }) => method !== "GET")).toEqual([]);
    const posted = bigquery.asked.slice(jobs).filter(({ method }) => method !== "GET");
    expect(posted.map(({ body }) => body.toString()).filter((body) => !/SELECT count/.test(body))).toEqual(
      [],
    );
  });

  test("only a changed month is replaced", async () => {
    const before = await inWarehouse();
    put("2019-01", 2_500, 7);
    const done = await cloud.run("yellow_tripdata", ["--period", "2019-01", ...source]);
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(await inWarehouse()).toMatchObject([{ period: "2019-01-01", trips: 2_500 }, before[1]]);
    expect(await inDatabase()).toEqual(await inWarehouse());
  });

  test("a month that changes back is loaded by a new load job, not by the first one", async () => {
    put("2019-01", 3_000);
    expect(await cloud.run("yellow_tripdata", ["--period", "2019-01", ...source])).toMatchObject({ code: 0 });
    expect(await inWarehouse()).toMatchObject([{ trips: 3_000 }, { trips: 2_000 }]);
    expect(await inDatabase()).toEqual(await inWarehouse());
  });

  test("rows that are missing from the warehouse are loaded again from the lake", async () => {
    await cloud.warehouse("DELETE FROM {yellow_tripdata} WHERE _period = DATE '2019-02-01'");
    const done = await cloud.run("yellow_tripdata", ["--period", "2019-02", ...source]);
    expect(done).toMatchObject({ code: 0, summary: { periods: [{ rows: { warehouse: 2_000 } }] } });
    expect(done.stdout).toContain("already in the lake");
    expect(await inWarehouse()).toMatchObject([{ trips: 3_000 }, { trips: 2_000 }]);
  });

  test("a data set without periods is loaded", async () => {
    const zones = join(folder, "zones.csv");
    const lines = Array.from(
      { length: 265 },
      (_, index) => `${index + 1},"Borough","Zone ${index}","Boro Zone"`,
    );
    writeFileSync(zones, ['"LocationID","Borough","Zone","service_zone"', ...lines, ""].join("\n"));
    for (const changed of [true, false]) {
      const done = await cloud.run("taxi_zones", ["--source", zones]);
      expect(done).toMatchObject({
        code: 0,
        summary: { periods: [{ changed, rows: { warehouse: 265, database: 265 } }] },
      });
    }
  });

  test("rejected rows are stored in the lake", async () => {
    const lines = rows("2019-03", 10).map((line, index) =>
      index === 4 ? line.replace("2019-03", "soon") : line,
    );
    writeFileSync(join(folder, "2019-03.csv"), csv(lines));
    const done = await cloud.run("yellow_tripdata", ["--period", "2019-03", ...source]);
    expect(done).toMatchObject({
      code: 0,
      summary: { periods: [{ rows: { read: 10, rejected: 1, warehouse: 9 } }] },
    });
    const [path] = await cloud.lake("rejects/");
    const [content] = await cloud.storage
      .bucket(cloud.bucket)
      .file(path ?? "")
      .download();
    expect(JSON.parse(content.toString())).toMatchObject({ line: 6, column: "tpep_pickup_datetime" });
  });

  test("a source in a bucket is ingested: a file that a transfer has written to landing/", async () => {
    const landed = cloud.storage.bucket(cloud.bucket).file("landing/yellow_tripdata/2019-04.csv");
    await landed.save(csv(rows("2019-04", 50)));
    const from = { SOURCE_URL: `gs://${cloud.bucket}/landing/yellow_tripdata/{period}.csv` };
    for (const changed of [true, false]) {
      const done = await cloud.run("yellow_tripdata", ["--period", "2019-04"], from);
      expect(done).toMatchObject({
        code: 0,
        summary: {
          periods: [
            {
              changed,
              source: {
                url: `gs://${cloud.bucket}/landing/yellow_tripdata/2019-04.csv`,
                sha256: sha256(csv(rows("2019-04", 50))),
              },
            },
          ],
        },
      });
    }
    const absent = await cloud.run("yellow_tripdata", ["--period", "2019-05"], from);
    expect(absent).toMatchObject({ code: 1 });
    expect(absent.stderr).toContain(
      `yellow_tripdata 2019-05: gs://${cloud.bucket}/landing/yellow_tripdata/2019-05.csv does not exist`,
    );
  });

  test("a period of a table partitioned by another column is replaced in one transaction, including dates outside it", async () => {
    const spec = defineDataset({
      id: "orders",
      description: "Orders.",
      source: { url: "https://example.com/{period}.csv", format: "csv" },
      grain: "month",
      firstPeriod: "2024-01",
      columns: [
        { name: "number", type: "INTEGER", mode: "REQUIRED", description: "Number." },
        { name: "day", type: "DATE", description: "When." },
      ],
      partition: { column: "day", granularity: "day" },
    });
    await cloud.bigquery.dataset(cloud.dataset).createTable("orders", {
      schema: { fields: fieldsOf(spec) },
      timePartitioning: { type: "DAY", field: "day" },
    });
    const run = (period: string, ...days: string[]) => {
      const lines = days.map((day, index) => `${index},${day}\n`);
      writeFileSync(join(folder, `${period}.csv`), `number,day\n${lines.join("")}`);
      return cloud.run("orders", ["--period", period, ...source], specifications(spec));
    };
    const days = () =>
      cloud.warehouse(
        "SELECT CAST(_period AS STRING) AS period, CAST(day AS STRING) AS day FROM {orders} ORDER BY 1, 2",
      );
    expect(await run("2024-01", "2023-12-31", "2024-01-02", "2024-02-01")).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await run("2024-02", "2024-01-02", "2024-02-02")).toMatchObject({ code: 0, stderr: "" });
    expect(await run("2024-01", "2024-01-03")).toMatchObject({ code: 0, stderr: "" });
    expect(await days()).toEqual([
      { period: "2024-01-01", day: "2024-01-03" },
      { period: "2024-02-01", day: "2024-01-02" },
      { period: "2024-02-01", day: "2024-02-02" },
    ]);
    const names = async (dataset: string) =>
      (await cloud.bigquery.dataset(dataset).getTables())[0].map(({ id }) => id ?? "");
    expect((await names(cloud.dataset)).filter((id) => id.includes("staging"))).toEqual([]);
    // The job may not delete them.
    const temporary = await names("dev_temporary");
    expect(temporary).toHaveLength(3);
    for (const name of temporary) {
      const answer: readonly unknown[] = await cloud.bigquery
        .dataset("dev_temporary")
        .table(name)
        .getMetadata();
      const { expirationTime } = z.object({ expirationTime: z.coerce.number() }).parse(answer[0]);
      expect(expirationTime).toBeLessThan(Date.now() + 25 * 3_600_000);
    }
  });

  test("a load keeps the policy tags of a table, and a table without them is not loaded", async () => {
    const policyTag = "projects/p/locations/europe-west6/taxonomies/1/policyTags/2";
    const spec = defineDataset({
      id: "customers",
      description: "Customers.",
      source: { url: "https://example.com/customers.csv", format: "csv" },
      grain: "once",
      columns: [
        { name: "number", type: "INTEGER", mode: "REQUIRED", description: "Number." },
        { name: "email", type: "STRING", description: "Address.", policyTag },
      ],
    });
    const fields = fieldsOf(spec);
    const table = cloud.bigquery.dataset(cloud.dataset).table("customers");
    const run = () => {
      writeFileSync(join(folder, "customers.csv"), "number,email\n1,a@example.com\n");
      return cloud.run("customers", ["--source", join(folder, "customers.csv")], specifications(spec));
    };
    await table.create({ schema: { fields: fields.map(({ name, type, mode }) => ({ name, type, mode })) } });
    expect(await run()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `column email has no policy tag, but the specification requires ${policyTag}`,
      ) as string,
    });
    expect(await cloud.warehouse("SELECT * FROM {customers}")).toEqual([]);
    await table.setMetadata({ schema: { fields } });
    expect(await run()).toMatchObject({ code: 0, stderr: "" });
    expect(await cloud.warehouse("SELECT number FROM {customers}")).toEqual([{ number: 1 }]);
    // On the wire: the schema with the tag, and a disposition that keeps what the schema does not say.
    const loads = cloud.fronts.bigquery.asked
      .map(({ body }) => body.toString())
      .filter((body) => body.includes('"tableId":"customers"') && body.includes('"load"'));
    expect(loads).toHaveLength(1);
    expect(JSON.parse(loads[0] ?? "")).toMatchObject({
      configuration: {
        load: {
          schema: { fields: [{ name: "number" }, { name: "email", policyTags: { names: [policyTag] } }] },
          writeDisposition: "WRITE_TRUNCATE_DATA",
        },
      },
    });
    const answer: readonly unknown[] = await table.getMetadata();
    expect(answer[0]).toMatchObject({
      schema: { fields: [{ name: "number" }, { policyTags: { names: [policyTag] } }] },
    });
  });

  test("the tasks of an execution ingest a period each, and do not start after one with schema drift", async () => {
    const lines = (period: string) => csv(rows(period, 20));
    writeFileSync(join(folder, "2019-06.csv"), lines("2019-06"));
    writeFileSync(join(folder, "2019-07.csv"), lines("2019-07").replace("VendorID", "Vendor"));
    writeFileSync(join(folder, "2019-08.csv"), lines("2019-08"));
    const task = (index: number) =>
      cloud.run("yellow_tripdata", ["--from", "2019-06", "--to", "2019-08", ...source], {
        CLOUD_RUN_TASK_INDEX: String(index),
        CLOUD_RUN_TASK_COUNT: "3",
        CLOUD_RUN_EXECUTION: "dev-backfill-abcde",
      });
    expect(await task(0)).toMatchObject({ code: 0, summary: { periods: [{ period: "2019-06" }] } });
    expect(await task(1)).toMatchObject({ code: 4 });
    const skipped = await task(2);
    expect(skipped).toMatchObject({ code: 5, summary: { periods: [], error: { kind: "skipped" } } });
    expect(skipped.stderr).toContain(
      "yellow_tripdata 2019-08: not started, because another period failed: 2019-07: ",
    );
    expect(await cloud.lake("rejects/yellow_tripdata/_stopped/")).toEqual([
      "rejects/yellow_tripdata/_stopped/dev-backfill-abcde/2019-07",
    ]);
  });

  test("a data set that is not deployed: exit code 1, and what is", async () => {
    const absent = await cloud.run("yellow_tripdatta", ["--period", "2019-01"]);
    expect(absent).toMatchObject({ code: 1 });
    expect(absent.stderr).toBe(
      'data set "yellow_tripdatta" does not exist in gs://replace-me-dev-dev-specifications; did you mean "yellow_tripdata"? Available: ' +
        "fhv_tripdata, green_tripdata, taxi_zones, yellow_tripdata\n",
    );
  });

  test("a run between the deployments of the warehouse and of the specification keeps what is new in the table", async () => {
    const columnsOf = async (table: string) => {
      const shape = z.object({
        schema: z.object({ fields: z.array(z.object({ name: z.string(), mode: z.optional(z.string()) })) }),
      });
      const answer: readonly unknown[] = await cloud.bigquery
        .dataset(cloud.dataset)
        .table(table)
        .getMetadata();
      return shape.parse(answer[0]).schema.fields.map(({ name, mode }) => `${name} ${mode ?? "NULLABLE"}`);
    };
    await cloud.warehouse("ALTER TABLE {taxi_zones} ADD COLUMN Since DATE");
    await cloud.warehouse("ALTER TABLE {yellow_tripdata} ADD COLUMN since DATE");
    const before = [await columnsOf("taxi_zones"), await columnsOf("yellow_tripdata")];
    expect(before.flat()).toEqual(expect.arrayContaining(["Since NULLABLE", "since NULLABLE"]));

    const zones = join(folder, "zones-again.csv");
    writeFileSync(zones, '"LocationID","Borough","Zone","service_zone"\n1,"Borough","Zone","Boro Zone"\n');
    expect(await cloud.run("taxi_zones", ["--source", zones, "--allow-shrink"])).toMatchObject({
      code: 0,
      stderr: "",
    });
    put("2019-02", 500, 7);
    const done = await cloud.run("yellow_tripdata", ["--period", "2019-02", "--allow-shrink", ...source]);
    expect(done).toMatchObject({ code: 0, stderr: "" });

    expect([await columnsOf("taxi_zones"), await columnsOf("yellow_tripdata")]).toEqual(before);
    expect(await cloud.warehouse("SELECT count(*) AS n, count(Since) AS since FROM {taxi_zones}")).toEqual([
      { n: 1, since: 0 },
    ]);
  });

  test("ingest status reads the periods from the bucket", async () => {
    const { stdout } = await start(["status", "--dataset", "yellow_tripdata"], cloud.environment).ended;
    expect(stdout).toMatch(/^data set +period +state/);
    expect(stdout).toMatch(/yellow_tripdata +2019-01 +complete +3,000 +0 /);
    expect(stdout).toMatch(/yellow_tripdata +2019-03 +complete +10 +1 /);
  });
});
