/** What a Cloud Run task does with its place in an execution, and where the program finds specifications. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { yellow } from "../../fixtures/catalog";
import { defineDataset, specToJson } from "../../../dataset";
import { specifications } from "../../support/specifications";
import { cleanUp, ingest, newFolder, serve, start } from "./support";
import { csv, rows } from "./yellow";

jest.setTimeout(120_000);
afterEach(cleanUp);

const months = ["2019-01", "2019-02", "2019-03"];

/** A folder of sources and a home, and the tasks of an execution on them. */
function execution(name = "dev-backfill-x") {
  const [sources, home] = [newFolder(), newFolder()];
  for (const month of months) writeFileSync(join(sources, `${month}.csv`), csv(rows(month, 20)));
  const args = [
    ...["--dataset", "yellow_tripdata", "--from", "2019-01", "--to", "2019-03"],
    ...["--source", join(sources, "{period}.csv"), "--home", home, "--no-database"],
  ];
  const task = (index: number, count = 4, execution = name) =>
    ingest(args, {
      CLOUD_RUN_TASK_INDEX: String(index),
      CLOUD_RUN_TASK_COUNT: String(count),
      CLOUD_RUN_EXECUTION: execution,
    });
  const lake = (path: string) => join(home, "lake", path);
  const break_ = (month: string) => {
    writeFileSync(join(sources, `${month}.csv`), "");
  };
  return { task, lake, break_ };
}

test("each task ingests its own period, and one without a period does nothing", async () => {
  const { task } = execution();
  for (const [index, month] of months.entries()) {
    expect(await task(index)).toMatchObject({
      code: 0,
      summary: { periods: [{ period: month, changed: true }] },
    });
  }
  expect(await task(3)).toMatchObject({ code: 0, stderr: "", summary: { periods: [] } });
  // An attempt more: nothing is left to do.
  expect(await task(1)).toMatchObject({ summary: { periods: [{ period: "2019-02", changed: false }] } });
});

test("after an integrity failure, the tasks of the execution that have not started do not start", async () => {
  const { task, lake, break_ } = execution();
  break_("2019-02");
  expect(await task(0)).toMatchObject({ code: 0 });
  expect(await task(1)).toMatchObject({ code: 3 });
  const skipped = await task(2);
  expect(skipped).toMatchObject({ code: 5, summary: { periods: [], error: { kind: "skipped" } } });
  expect(skipped.stderr).toMatch(
    /^yellow_tripdata 2019-03: not started, because another period failed: 2019-02: .*empty/,
  );
  expect(readdirSync(lake("rejects/yellow_tripdata/_stopped/dev-backfill-x"))).toEqual(["2019-02"]);
  expect(existsSync(lake("raw/yellow_tripdata/year=2019/month=03"))).toBe(false);
  // Another execution, or a single task, is not affected.
  expect(await task(2, 4, "dev-backfill-y")).toMatchObject({ code: 0 });
  expect(await task(0, 1)).toMatchObject({ code: 3 });
});

test("a task with a transient or a permanent failure does not stop the others", async () => {
  const { task, lake } = execution();
  const absent = await ingest(
    [
      "--dataset",
      "yellow_tripdata",
      "--period",
      "2019-01,2019-02",
      "--source",
      "/absent/{period}.csv",
      "--home",
      newFolder(),
      "--no-database",
    ],
    { CLOUD_RUN_TASK_INDEX: "0", CLOUD_RUN_TASK_COUNT: "2", CLOUD_RUN_EXECUTION: "dev-backfill-x" },
  );
  expect(absent).toMatchObject({ code: 1 });
  expect(await task(1)).toMatchObject({ code: 0 });
  expect(existsSync(lake("rejects/yellow_tripdata/_stopped"))).toBe(false);
});

test("verify does not take the record of a stopped execution for a file of a period", async () => {
  const { task, lake, break_ } = execution();
  break_("2019-01");
  await task(0);
  await task(1, 4, "dev-backfill-y");
  const home = join(lake("."), "..");
  const verified = await start([
    "verify",
    "--dataset",
    "yellow_tripdata",
    "--home",
    home,
    "--no-database",
    "--json",
  ]).ended;
  expect(JSON.parse(verified.stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual({
    periods: 1,
    differences: [],
  });
});

describe("a source that does not fit into the memory of a task", () => {
  const gib = 2 ** 30;
  /** A server that announces a file of a size, and counts the bytes that it sends. */
  const announced = async (bytes: number) => {
    let sent = 0;
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": bytes, "content-type": "text/csv" });
      const send = () => {
        if (response.destroyed) return;
        sent += 1 << 16;
        response.write(Buffer.alloc(1 << 16, "x"), () => setTimeout(send, 10));
      };
      send();
    });
    return { url, sent: () => sent };
  };
  const run = (url: string, memory: string) =>
    ingest(
      [
        "--dataset",
        "yellow_tripdata",
        "--period",
        "2019-01",
        "--source",
        `${url}/{period}.csv`,
        "--home",
        newFolder(),
        "--no-database",
      ],
      { TASK_MEMORY_GIB: memory },
    );

  test.each([
    [
      4 * gib,
      "8",
      /needs about 9 GiB of memory, but a task has 8 GiB, .*; set engine to "bigquery" .*; or use a size of at least 9 GiB: `size`/,
    ],
    [
      83e9,
      "32",
      /needs about 156 GiB of memory, but a task has 32 GiB, .*; set engine to "bigquery" in the specification/,
    ],
  ])("is rejected before it is downloaded: %d bytes, %s GiB", async (bytes, memory, message) => {
    const { url, sent } = await announced(bytes);
    const refused = await run(url, memory);
    expect(refused).toMatchObject({ code: 1, summary: { error: { kind: "permanent" } } });
    expect(refused.stderr).toMatch(message);
    expect(sent()).toBeLessThan(10 << 20);
  });

  test("is rejected while it is read, if only its compression made it small", async () => {
    const text = `${csv(rows("2019-01", 1))}${"\n".repeat(40 << 20)}`;
    const file = join(newFolder(), "2019-01.csv.gz");
    writeFileSync(file, gzipSync(text));
    const refused = await ingest(
      [
        ...["--dataset", "yellow_tripdata", "--period", "2019-01", "--source", file, "--home", newFolder()],
        "--no-database",
      ],
      { TASK_MEMORY_GIB: "0.62" },
    );
    expect(refused).toMatchObject({ code: 1, summary: { error: { kind: "permanent" } } });
    expect(refused.stderr).toMatch(
      /has more than [\d.]+ MB without its compression .*; set engine to "bigquery"/,
    );
  });

  test("is not rejected if it fits, or where files are on a disk", async () => {
    const url = await serve((_, response) => response.end(csv(rows("2019-01", 20))));
    expect(await run(url, "1")).toMatchObject({ code: 0 });
    expect(await run(url, "")).toMatchObject({ code: 0 });
  });
});

describe("specifications in a folder", () => {
  const orders = defineDataset({
    id: "orders",
    description: "Orders.",
    source: { url: "orders.csv", format: "csv" },
    grain: "once",
    columns: [{ name: "id", type: "INTEGER", description: "Number." }],
  });
  const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    ingest([...args, "--home", newFolder(), "--no-database"], env);

  test("are found by id", async () => {
    const source = join(newFolder(), "orders.csv");
    writeFileSync(source, "id\n1\n2\n");
    const done = await run(specifications(orders, yellow), "--dataset", "orders", "--source", source);
    expect(done).toMatchObject({
      code: 0,
      summary: { dataset: "orders", periods: [{ rows: { parquet: 2 } }] },
    });
  });

  test("give way to the one in DATASET_SPEC, whose name is then optional", async () => {
    const source = join(newFolder(), "orders.csv");
    writeFileSync(source, "id\n1\n");
    const env = { ...specifications(yellow), DATASET_SPEC: specToJson(orders) };
    const done = await run(env, "--source", source);
    expect(done).toMatchObject({
      code: 0,
      summary: { dataset: "orders", periods: [{ rows: { parquet: 1 } }] },
    });
    expect((await run(env, "--dataset", "yellow_tripdata")).stderr).toBe(
      "DATASET_SPEC contains the data set orders, not yellow_tripdata\n",
    );
    const broken = await run({ DATASET_SPEC: "{}" });
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.stderr).toContain("version: the specification has no version");
  });

  test("a data set that does not exist, or is not named: the error lists those that do", async () => {
    const env = specifications(orders, yellow);
    const absent = await run(env, "--dataset", "order");
    expect(absent).toMatchObject({ code: 1 });
    expect(absent.stderr).toBe(
      `data set "order" does not exist in ${env.SPECIFICATIONS}; did you mean "orders"? Available: orders, yellow_tripdata\n`,
    );
    expect((await run(env)).stderr).toBe("--dataset is required; available: orders, yellow_tripdata\n");
  });

  test("a file of another data set, a bare specification, and a folder that does not exist are rejected", async () => {
    const env = specifications(orders);
    writeFileSync(join(env.SPECIFICATIONS, "refunds.json"), "{}");
    expect((await run(env, "--dataset", "refunds")).stderr).toContain("specification: is missing");
    const { SPECIFICATIONS: folder } = specifications({ ...orders, id: "visits" });
    writeFileSync(join(folder, "orders.json"), specToJson(orders));
    expect((await run({ SPECIFICATIONS: folder }, "--dataset", "orders")).stderr).toContain(
      "specification: is missing",
    );
    expect((await run({ SPECIFICATIONS: "/absent" }, "--dataset", "orders")).stderr).toContain(
      "SPECIFICATIONS: the folder /absent cannot be read",
    );
  });

  test("a data set that is retired is not ingested, and its tables can still be verified", async () => {
    const env = specifications({ ...orders, retired: true });
    const refused = await run(env, "--dataset", "orders");
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("orders: the data set is retired: its tables and files are kept");
    const args = ["verify", "--home", newFolder(), "--no-database", "--json"];
    expect(await start(args, env).ended).toMatchObject({ code: 0 });
  });
});
