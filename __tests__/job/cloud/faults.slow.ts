import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Storage } from "@google-cloud/storage";
import { loadCatalog } from "../../fixtures/catalog";
import { fetchObject } from "../../../job/source/object";
import type { Asked, Fault } from "../../support/cloud/front";
import { cleanUp, newFolder } from "../integration/support";
import { csv, rows } from "../integration/yellow";
import { type Cloud, missingCloud, startCloud } from "./support";
import { specifications } from "../../support/specifications";
import { describeUnless } from "../../support/unless";

jest.setTimeout(180_000);

describeUnless(missingCloud())("when the cloud fails", () => {
  const count = 500;
  let cloud: Cloud;
  let folder: string;
  let seed = 0;

  beforeAll(async () => {
    cloud = await startCloud("dev");
    folder = newFolder();
  });
  afterAll(cleanUp);
  beforeEach(() => {
    // Each test ingests a new period.
    seed += 1;
    writeFileSync(join(folder, "2019-01.csv"), csv(rows("2019-01", count, seed)));
  });
  afterEach(() => {
    expect([cloud.fronts.storage.pending(), cloud.fronts.bigquery.pending()]).toEqual([0, 0]);
    expect(cloud.fronts.bigquery.untranslatable).toEqual([]);
  });

  const run = (more?: Readonly<Record<string, string>>, dataset = "yellow_tripdata") =>
    cloud.run(dataset, ["--period", "2019-01", "--source", join(folder, "{period}.csv")], more);
  const done = {
    code: 0,
    stderr: "",
    summary: { periods: [{ changed: true, rows: { parquet: count, warehouse: count, database: count } }] },
  };

  const upload = ({ method, path, body }: Asked, name: string) =>
    method === "POST" && path.startsWith("/upload/") && (path + body.toString("latin1")).includes(name);
  const parquet = (asked: Asked) => upload(asked, "yellow_tripdata_2019-01.parquet");
  const manifest = (asked: Asked) => upload(asked, "manifest.json");
  const ledger = (asked: Asked) => upload(asked, "warehouse.json");
  const marker = ({ method, path }: Asked) => method === "DELETE" && path.includes("_SUCCESS");
  const read = ({ method, path }: Asked) => method === "GET" && path.includes("/o/manifests");
  const load = ({ method, path, body }: Asked) =>
    method === "POST" && path.includes("/jobs") && body.includes('"load"');
  const look = ({ method, path }: Asked) => method === "GET" && path.includes("/jobs/tributary_");
  const query = ({ method, body }: Asked) => method === "POST" && body.includes("SELECT count");

  test.each<[what: string, end: "storage" | "bigquery", matches: (asked: Asked) => boolean, fault: Fault]>([
    ["the upload of the Parquet file returns 503", "storage", parquet, { status: 503 }],
    ["the response to the upload of the Parquet file is lost", "storage", parquet, "answerThenDrop"],
    ["the response to the write of the manifest is lost", "storage", manifest, "answerThenDrop"],
    ["the response to the write of the ledger is lost", "storage", ledger, "answerThenDrop"],
    ["the removal of the success marker returns 503", "storage", marker, { status: 503 }],
    ["the response to the removal of the success marker is lost", "storage", marker, "answerThenDrop"],
    ["reading the manifest returns 503", "storage", read, { status: 503 }],
    ["the load job returns 503", "bigquery", load, { status: 503 }],
    ["the response to the load job is lost", "bigquery", load, "answerThenDrop"],
    ["reading the state of the load job returns 503", "bigquery", look, { status: 503 }],
    ["the count returns 503", "bigquery", query, { status: 503 }],
  ])("ingest run retries: %s", async (_, end, matches, fault) => {
    cloud.fronts[end].failNext(matches, fault);
    expect(await run()).toMatchObject(done);
    expect(await cloud.warehouse("SELECT count(*) AS n FROM {yellow_tripdata}")).toEqual([{ n: count }]);
    expect(await run()).toMatchObject({ code: 0, summary: { periods: [{ changed: false }] } });
  });

  test("ingest run exits with code 2 when Cloud Storage keeps failing; the period is incomplete until another run", async () => {
    for (let time = 0; time < 4; time += 1) cloud.fronts.storage.failNext(manifest, { status: 503 });
    const failed = await run();
    expect(failed).toMatchObject({ code: 2, summary: { error: { kind: "retryable" } } });
    expect(failed.stderr).toMatch(/yellow_tripdata 2019-01: gs:\/\/\S+manifest\.json cannot be written: /);
    expect(await cloud.lake("manifests/")).not.toContain(
      "manifests/yellow_tripdata/year=2019/month=01/_SUCCESS",
    );
    const again = await run();
    expect(again).toMatchObject(done);
    expect(again.stdout).toContain(`${count} rows already there`);
  });

  test("ingest run exits with code 1 and names the missing permission when access is denied", async () => {
    cloud.fronts.storage.failNext(parquet, {
      status: 403,
      message: "ingest@p does not have storage.objects.create access",
    });
    const failed = await run();
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toMatch(
      /yellow_tripdata_2019-01\.parquet cannot be written: .*storage\.objects\.create access.*; check the roles of the job's service account/,
    );
    expect(await run()).toMatchObject(done);
  });

  test("guarantee 14: Only the warehouse stack creates tables: a missing table or other columns stop the run before anything is written", async () => {
    const before = [await cloud.lake(), await cloud.warehouse("SELECT count(*) AS n FROM {yellow_tripdata}")];
    const yellow = loadCatalog().get("yellow_tripdata");
    if (yellow === undefined) throw new Error("no yellow_tripdata");
    const [first, ...others] = yellow.columns;
    if (first === undefined) throw new Error("no columns");
    const changed = { ...yellow, columns: [{ ...first, type: "STRING" as const }, ...others] };
    for (const [more, message, dataset] of [
      [{ LAKE_BUCKET: "absent" }, "the lake gs://absent cannot be listed: "],
      [
        specifications({ ...yellow, id: "unknown" }),
        "table dev_raw.unknown does not exist in project replace-me-dev; deploy",
        "unknown",
      ],
      [
        specifications(changed),
        "table dev_raw.yellow_tripdata: column VendorID has the type INTEGER, but the specification requires STRING; deploy",
      ],
      [
        { WAREHOUSE_LOCATION: "" },
        "WAREHOUSE_LOCATION: is not set, but LAKE_BUCKET, WAREHOUSE_PROJECT, WAREHOUSE_DATASET are",
      ],
    ] as const) {
      const failed = await run(more, dataset);
      expect({ code: failed.code, stderr: failed.stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(message) as string,
      });
    }
    expect([
      await cloud.lake(),
      await cloud.warehouse("SELECT count(*) AS n FROM {yellow_tripdata}"),
    ]).toEqual(before);
  });

  test("ingest run exits with code 1 before anything is written when the Cloud SQL instance does not exist", async () => {
    const before = await cloud.lake();
    const failed = await run({ DATABASE_INSTANCE: "replace-me-dev:europe-west6:gone" });
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain(
      "the Cloud SQL instance replace-me-dev:europe-west6:gone cannot be reached: ",
    );
    expect(await cloud.lake()).toEqual(before);
  });

  test.each<Fault>(["corrupt", "drop"])(
    "a source in a bucket is read again after a response with the fault %s",
    async (fault) => {
      const content = csv(rows("2019-01", count, seed));
      await cloud.storage.bucket(cloud.bucket).file("landing/2019-01.csv").save(content);
      const media = ({ path }: Asked) => path.includes("landing") && path.includes("alt=media");
      cloud.fronts.storage.failNext(media, fault);
      const from = `gs://${cloud.bucket}/landing/{period}.csv`;
      expect(await cloud.run("yellow_tripdata", ["--period", "2019-01", "--source", from])).toMatchObject(
        done,
      );
    },
  );

  test("a source in a bucket is read again after the timeout when the connection breaks between two bytes", async () => {
    const content = csv(rows("2019-01", count, seed));
    await cloud.storage.bucket(cloud.bucket).file("landing/cut.csv").save(content);
    cloud.fronts.storage.failNext(({ path }) => path.includes("alt=media"), "cut");
    const file = join(folder, "cut.csv");
    const fetched = await fetchObject({
      storage: new Storage({ projectId: "p", apiEndpoint: cloud.fronts.storage.url }),
      location: { kind: "gs", bucket: cloud.bucket, name: "landing/cut.csv" },
      format: { format: "csv", compression: "none" },
      file,
      known: undefined,
      onProgress: () => undefined,
      idleTimeout: 300,
    });
    expect(fetched).toEqual({ etag: expect.stringMatching(/^\d+$/) as string });
    expect(readFileSync(file, "utf8")).toBe(content);
  });
});
