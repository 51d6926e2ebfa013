import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { runProgram } from "../../../programs/program";
import { cleanUp, duckdb, newFolder, project } from "../../job/integration/support";
import { BigQueryApi } from "../../support/cloud/bigquery-api";
import { type BigQueryFront, startBigQueryFront } from "../../support/cloud/bigquery-front";
import { projectId, storageClient } from "../../support/cloud/clients";
import { type Emulators, missingEmulators, startEmulators } from "../../support/cloud/emulators";
import type { Asked } from "../../support/cloud/front";
import { describeUnless } from "../../support/unless";

const location = "europe-west1";
const trips = { projectId, datasetId: "raw", tableId: "trips" };

describeUnless(missingEmulators())("BigQuery emulator", () => {
  let emulators: Emulators;
  let front: BigQueryFront;
  let bigQuery: BigQueryApi;

  beforeAll(async () => {
    emulators = await startEmulators();
    front = await startBigQueryFront(emulators.bigQuery);
    bigQuery = new BigQueryApi(front.url);
    await bigQuery.ask("POST", "demo/datasets", { datasetReference: trips, location });
    await storageClient(emulators.storage).bucket("lake").create();
    await upload("january", "SELECT DATE '2019-01-05' AS day, 1::BIGINT AS n");
    await upload("more", "SELECT DATE '2019-01-01' + i::INT AS day, 10 + i AS n FROM range(31) AS t(i)");
    await upload("february", "SELECT DATE '2019-02-01' AS day, 2::BIGINT AS n");
    await upload("both", "SELECT DATE '2019-01-31' + i::INT AS day, 3 + i AS n FROM range(2) AS t(i)");
    await upload("undated", "SELECT NULL::DATE AS day, 3::BIGINT AS n");
    await upload("unnumbered", "SELECT DATE '2019-01-05' AS day, NULL::BIGINT AS n");
  });
  afterAll(async () => {
    await front.stop();
    await emulators.stop();
    await cleanUp();
  });
  beforeEach(async () => {
    await bigQuery.ask("POST", "demo/datasets/raw/tables", {
      tableReference: trips,
      schema: {
        fields: [
          { name: "day", type: "DATE" },
          { name: "n", type: "INTEGER", mode: "REQUIRED" },
        ],
      },
      timePartitioning: { type: "MONTH", field: "day" },
      requirePartitionFilter: true,
      clustering: { fields: ["n"] },
    });
  });
  afterEach(async () => {
    expect(front.pending()).toBe(0);
    const left = await bigQuery.ask("GET", "demo/datasets/raw/tables");
    expect(left).toMatchObject({ tables: [{ tableReference: { tableId: "trips" } }] });
    await bigQuery.removeTable(trips);
  });

  async function upload(name: string, sql: string): Promise<void> {
    const file = join(newFolder(), name);
    await duckdb(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
    await storageClient(emulators.storage).bucket("lake").upload(file, { destination: name });
  }

  /** Inserts a load job of an object. */
  function insert(object: string, tableId: string, id: string = randomUUID(), at = location) {
    return bigQuery.ask("POST", "demo/jobs", {
      jobReference: { projectId, jobId: id, location: at },
      configuration: {
        labels: { run: "test" },
        load: {
          destinationTable: { ...trips, tableId },
          sourceUris: [`gs://lake/${object}`],
          sourceFormat: "PARQUET",
          writeDisposition: "WRITE_TRUNCATE",
          createDisposition: "CREATE_NEVER",
        },
      },
    });
  }

  /** Loads an object. Returns the error, or undefined. */
  async function load(object: string, tableId: string): Promise<string | undefined> {
    const id = randomUUID();
    await insert(object, tableId, id);
    return (await bigQuery.endOf(projectId, id, location))?.message;
  }

  /** Number of rows by month. */
  async function rows(): Promise<unknown> {
    const month = "SELECT FORMAT_DATE('%Y%m', day), count(*) FROM raw.trips WHERE day >= '2000-01-01'";
    return Object.fromEntries(
      (await bigQuery.query(projectId, `${month} GROUP BY 1`)).map(([name, count]) => [name, count]),
    );
  }

  test("replaces exactly one partition in a load", async () => {
    expect(await load("january", "trips$201901")).toBeUndefined();
    expect(await load("february", "trips$201902")).toBeUndefined();
    expect(await rows()).toEqual({ 201901: "1", 201902: "1" });
    expect(await load("more", "trips$201901")).toBeUndefined();
    expect(await rows()).toEqual({ 201901: "31", 201902: "1" });
    expect(await bigQuery.ask("GET", "demo/datasets/raw/tables/trips")).toMatchObject({
      schema: { fields: [{ name: "day" }, { name: "n", mode: "REQUIRED" }] },
      timePartitioning: { type: "MONTH", field: "day" },
      clustering: { fields: ["n"] },
    });
  });

  test("returns a load job like the API: running at first, with its partition and location", async () => {
    expect(await insert("more", "trips$201901", "described")).toMatchObject({
      id: "demo:europe-west1.described",
      jobReference: { projectId, jobId: "described", location },
      status: { state: "RUNNING" },
    });
    expect(await bigQuery.job(projectId, "described", location)).toMatchObject({
      jobReference: { location },
      configuration: { labels: { run: "test" }, load: { destinationTable: { tableId: "trips$201901" } } },
      status: { state: "DONE" },
      statistics: { load: { outputRows: "31", inputFiles: "1" } },
    });
    expect(await bigQuery.job(projectId, "described", "US")).toBeUndefined();
    expect(await bigQuery.job(projectId, "described")).toBeUndefined();
    expect(await insert("more", "trips$201901", "elsewhere", "US")).toBeUndefined();
  });

  test.each([
    ["both", /Some rows belong to different partitions .* trips\$201901/],
    ["undated", /Some rows belong to different partitions .* trips\$201901/],
    ["unnumbered", /NOT NULL constraint failed: trips\$201901\.n/],
    ["nowhere", /404/],
  ])("fails a load of %s and does not change the partition", async (object, message) => {
    await load("january", "trips$201901");
    expect(await load(object, "trips$201901")).toMatch(message);
    expect(await rows()).toEqual({ 201901: "1" });
  });

  test("accepts a job id once, also concurrently", async () => {
    const [first, ...others] = await Promise.allSettled(
      ["january", "more", "more"].map((object) => insert(object, "trips$201901", "once")),
    );
    expect(first?.status).toBe("fulfilled");
    for (const other of others)
      expect(other).toMatchObject({ reason: { status: 409, problem: { reason: "duplicate" } } });
    expect(await rows()).toEqual({ 201901: "1" });
  });

  test("rejects requests that cannot be translated", async () => {
    await expect(insert("january", "trips$20190105")).rejects.toMatchObject({ status: 501 });
    await expect(bigQuery.removeTable({ ...trips, tableId: "trips$201901" })).rejects.toThrow(
      /cannot translate.*DELETE .*trips/,
    );
    expect(front.untranslatable).toHaveLength(2);
  });

  test("forwards requests without a partition", async () => {
    expect(await load("january", "trips")).toBeUndefined();
    expect(await load("february", "trips")).toBeUndefined();
    expect(await rows()).toEqual({ 201902: "1" });
    expect(await load("january", "none")).toBe("Not found: Table demo:raw.none");
    expect(await load("january", "none$201901")).toBe("Not found: Table demo:raw.none");
  });

  describe("through the official client", () => {
    const insertion = ({ method, path }: Asked) => method === "POST" && path.includes("/jobs");

    async function loadBy(id: string, object: string): Promise<unknown> {
      const child = ["scripts/run.mjs", "__tests__/checks/emulators/bigquery.child.ts"];
      const args = [front.url, location, id, object, "trips$201901"];
      const { stdout } = await runProgram(process.execPath, [...child, ...args], { cwd: project });
      return JSON.parse(stdout);
    }

    test("loads into a partition, and reports why a load failed", async () => {
      expect(await loadBy("client", "more")).toEqual({ complete: "client", location });
      expect(await rows()).toEqual({ 201901: "31" });
      expect(JSON.stringify(await loadBy("client-both", "both"))).toMatch(/Some rows belong to different/);
    });

    test("retries a 503", async () => {
      front.failNext(insertion, { status: 503 });
      front.failNext(({ path }) => path.includes("/jobs/later"), { status: 503 });
      expect(await loadBy("later", "more")).toEqual({ complete: "later", location });
    });

    test("reports that the job exists if the response was lost", async () => {
      front.failNext(insertion, "answerThenDrop");
      expect(await loadBy("lost", "more")).toEqual({ message: "Already Exists: Job demo:lost", code: 409 });
      expect(await bigQuery.endOf(projectId, "lost", location)).toBeUndefined();
      expect(await rows()).toEqual({ 201901: "31" });
    });
  });
});
