import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanUp, newFolder, type Outcome } from "../integration/support";
import { csv, rows } from "../integration/yellow";
import { type Cloud, missingCloud, startCloud } from "./support";
import type { Asked } from "../../support/cloud/front";
import { describeUnless } from "../../support/unless";

jest.setTimeout(180_000);

describeUnless(missingCloud())("runs of one period that meet, or are killed", () => {
  const count = { a: 20_000, b: 15_000 };
  let cloud: Cloud;
  let folder: string;

  beforeAll(async () => {
    cloud = await startCloud("dev");
    folder = newFolder();
    for (const [version, seed] of [
      ["a", 1],
      ["b", 2],
    ] as const) {
      writeFileSync(join(folder, `${version}-2019-01.csv`), csv(rows("2019-01", count[version], seed)));
    }
  });
  afterAll(cleanUp);
  afterEach(() => {
    expect(cloud.fronts.bigquery.untranslatable).toEqual([]);
  });

  type Version = keyof typeof count;
  /** Load jobs that BigQuery was asked for. */
  const isLoad = ({ method, body }: Asked) => method === "POST" && body.includes('"load"');
  const loads = () => cloud.fronts.bigquery.asked.filter(isLoad).length;
  const args = (version: Version) => [
    "--period",
    "2019-01",
    "--source",
    join(folder, `${version}-{period}.csv`),
  ];
  const run = (version: Version) => cloud.run("yellow_tripdata", args(version));
  const total = "SELECT count(*) AS trips, round(sum(total_amount), 2) AS total FROM";

  /** What warehouse, database and manifest hold: of one version, all of it, and the same. */
  async function expectAll(version: Version): Promise<void> {
    const [warehouse] = await cloud.warehouse(`${total} {yellow_tripdata}`);
    const [database] = await cloud.database(
      "SELECT count(*)::int AS trips, round(sum(total_amount)::numeric, 2)::float AS total FROM raw.yellow_tripdata",
    );
    expect(warehouse).toMatchObject({ trips: count[version] });
    expect(database).toEqual(warehouse);
    expect(await cloud.lake("manifests/")).toContain("manifests/yellow_tripdata/year=2019/month=01/_SUCCESS");
    const staging = await cloud.database("SELECT relname FROM pg_class WHERE relname LIKE '%staging%'");
    expect(staging).toEqual([]);
  }

  /** A run that met another may have been sent away to try again; its retry is what the workflow does. */
  async function settled(outcomes: readonly Outcome[], last: Version): Promise<void> {
    for (const { code, stderr } of outcomes) {
      expect([0, 2]).toContain(code);
      if (code === 2) expect(stderr).toMatch(/was changed by another run/);
    }
    expect(await run(last)).toMatchObject({ code: 0, stderr: "" });
    await expectAll(last);
  }

  test("two runs on the same source at once", async () => {
    await settled(await Promise.all([run("a"), run("a")]), "a");
  });

  test("promise 9: Every write to the lake names the generation it replaces: two runs on different versions at once", async () => {
    await settled(await Promise.all([run("b"), run("a")]), "b");
    await settled(await Promise.all([run("a"), run("b")]), "a");
  });

  test("one that begins while another is in the middle of each step", async () => {
    let version: Version = "b";
    for (const seen of [
      /"step":"parquetize"/,
      /"step":"publish"/,
      /"step":"warehouse"/,
      /"step":"database"/,
    ]) {
      const first = cloud.start("yellow_tripdata", args(version));
      await first.said(seen);
      const other: Version = version === "a" ? "b" : "a";
      const outcomes = await Promise.all([first.ended, run(other)]);
      await settled(outcomes, other);
      version = version === "a" ? "b" : "a";
    }
  });

  test("killed at any moment: run again, all is as if it had not been", async () => {
    let version: Version = "a";
    await run(version);
    const signals = [];
    for (const [seen, later] of [
      [/^/, 400],
      [/"step":"extract"/, 0],
      [/"step":"parquetize"/, 0],
      [/"step":"parquetize"/, 30],
      [/"step":"publish"/, 0],
      [/"step":"publish"/, 100],
      [/"step":"publish"/, 300],
      [/"step":"warehouse"/, 0],
      [/"step":"warehouse"/, 100],
      [/"step":"database"/, 0],
      [/"step":"verify"/, 0],
    ] as const) {
      version = version === "a" ? "b" : "a";
      const running = cloud.start("yellow_tripdata", args(version));
      await running.said(seen);
      await Promise.race([sleep(later), once(running.process, "exit")]);
      running.process.kill("SIGKILL");
      signals.push((await running.ended).signal);
      expect(await run(version)).toMatchObject({ code: 0, stderr: "" });
      await expectAll(version);
    }
    expect(signals.filter((signal) => signal === "SIGKILL").length).toBeGreaterThan(signals.length - 3);
  });

  test("promise 10: A load job's id follows from the content and the object's generation: a killed run's job is found again", async () => {
    await run("a");
    const before = loads();
    const running = cloud.start("yellow_tripdata", args("b"));
    await running.said(/"step":"publish"/);
    while (loads() === before) await sleep(2);
    running.process.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 143 });
    expect(await run("b")).toMatchObject({ code: 0, stderr: "" });
    await expectAll("b");
  });

  test.each([
    ["what can be loaded too", (file: Buffer) => file],
    ["no Parquet", () => "another run's"],
  ])(
    "promise 11: A load is recorded only if the object is still the one that was published: not when it is replaced by %s",
    async (_, other) => {
      await run("a");
      const raw = cloud.storage
        .bucket(cloud.bucket)
        .file("raw/yellow_tripdata/year=2019/month=01/yellow_tripdata_2019-01.parquet");
      const [file] = await raw.download();
      cloud.fronts.bigquery.holdNext(isLoad, () => raw.save(other(file)));
      const sentAway = await cloud.start("yellow_tripdata", args("b")).ended;
      expect(sentAway).toMatchObject({ code: 2, summary: { error: { kind: "retryable" } } });
      expect(sentAway.stderr).toContain(
        `${raw.name} was changed by another run; run again when that run has finished`,
      );
      expect(await cloud.lake("manifests/")).not.toContain(
        "manifests/yellow_tripdata/year=2019/month=01/warehouse.json",
      );
      await settled([], "b");
    },
  );

  test("promise 13: What differs at the end gets a second chance: rows that another run takes away are loaded once more", async () => {
    writeFileSync(join(folder, "c-2019-02.csv"), csv(rows("2019-02", 100_000)));
    const from = ["--period", "2019-02", "--source", join(folder, "c-{period}.csv")];
    const running = cloud.start("yellow_tripdata", from);
    await running.said(/"step":"warehouse"/);
    await cloud.warehouse(
      "DELETE FROM {yellow_tripdata} WHERE _period = DATE '2019-02-01' AND passenger_count = 1",
    );
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("another run may have written at the same time: loading again");
    const left = "SELECT count(*) AS n FROM {yellow_tripdata} WHERE _period = DATE '2019-02-01'";
    expect(await cloud.warehouse(left)).toEqual([{ n: 100_000 }]);
  });
});
