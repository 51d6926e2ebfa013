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
  /** Load jobs that were requested from BigQuery. */
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

  /** Content of warehouse, database and manifest: complete, of the same version, and equal. */
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

  /** A run that conflicted with another may have failed with exit code 2; the workflow retries it. */
  async function settled(outcomes: readonly Outcome[], last: Version): Promise<void> {
    for (const { code, stderr } of outcomes) {
      expect([0, 2]).toContain(code);
      if (code === 2) expect(stderr).toMatch(/was changed by another run/);
    }
    expect(await run(last)).toMatchObject({ code: 0, stderr: "" });
    await expectAll(last);
  }

  test("two concurrent runs with the same source have the same result as one", async () => {
    await settled(await Promise.all([run("a"), run("a")]), "a");
  });

  test("guarantee 9: Every write to the lake is conditional on the generation it replaces: two concurrent runs with different versions", async () => {
    await settled(await Promise.all([run("b"), run("a")]), "b");
    await settled(await Promise.all([run("a"), run("b")]), "a");
  });

  test("a run that starts during any step of another run has the same result", async () => {
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

  test("a run killed at any time and run again has the same result", async () => {
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

  test("guarantee 10: A load job's ID depends on the content and the object's generation: a killed run's job is found again", async () => {
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
    ["a file that can also be loaded", (file: Buffer) => file],
    ["a file that is not Parquet", () => "another run's"],
  ])(
    "guarantee 11: A load is recorded only if the published object has not been replaced: not when it is replaced by %s",
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

  test("guarantee 13: Differences at the end are repaired once: rows that another run removes are loaded again", async () => {
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
