/** The guarantees of docs/ingest.md for a laptop, each with a small data set. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import * as z from "zod";
import { defineDataset, Period, type PeriodicProps } from "../../../dataset";
import { specifications } from "../../support/specifications";
import { FolderLake } from "../../../job/lake/folder-lake";
import { readManifest, removeSuccess, writeManifest } from "../../../job/lake/manifest";
import {
  cleanUp,
  database,
  duckdb,
  filesIn,
  ingest,
  newFolder,
  newHome,
  sha256,
  start,
  warehouse,
} from "./support";

jest.setTimeout(180_000);
afterAll(cleanUp);

const props: PeriodicProps = {
  id: "orders",
  description: "Orders, one row per order.",
  source: { url: "orders-{period}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2020-01",
  columns: [
    { name: "id", type: "INTEGER", description: "Number." },
    { name: "amount", type: "FLOAT", description: "In dollars." },
    { name: "note", type: "STRING", description: "Remark." },
  ],
  badRows: { action: "reject", limit: "5%" },
};

/** A folder of sources, a home, and functions that run the job with them. */
function shop(change: Partial<PeriodicProps> = {}) {
  const [sources, home] = [newFolder(), newHome()];
  const environment = (changed: Partial<PeriodicProps>) =>
    specifications(defineDataset({ ...props, ...changed }));
  const args = ["--source", join(sources, "{period}.csv"), "--home", home];
  return {
    home,
    put: (period: string, rows: readonly string[]) => {
      writeFileSync(join(sources, `${period}.csv`), ["id,amount,note", ...rows, ""].join("\n"));
    },
    run: (period: string, more: readonly string[] = ["--no-database"], changed = change) =>
      ingest(["--dataset", "orders", "--period", period, ...args, ...more], environment(changed)),
    command: (name: "verify" | "repair", more: readonly string[] = ["--no-database"]) =>
      start([name, "--home", home, "--json", ...more], environment(change)).ended,
    lake: (path: string) => join(home, "lake", path),
    files: () => filesIn(join(home, "lake")),
  };
}

const january = Period.parse("month", "2020-01");
const orders = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `${from + index},${index % 7}.5,note ${index}`);
const manifestOf = (month: string) => `manifests/orders/year=2020/month=${month}/manifest.json`;
const parquetOf = (month: string) => `raw/orders/year=2020/month=${month}/orders_2020-${month}.parquet`;

test("guarantee 1: The same content has the same key", async () => {
  const keys = [];
  for (let home = 0; home < 2; home += 1) {
    const one = shop();
    one.put("2020-01", orders(10));
    expect(await one.run("2020-01", [])).toMatchObject({ code: 0, stderr: "" });
    const key = (await readManifest(new FolderLake(one.lake("")), "orders", january))?.key;
    const [inParquet] = await duckdb(
      `SELECT decode(value) AS key FROM parquet_kv_metadata('${one.lake(parquetOf("01"))}') WHERE decode(key) = 'tributary.run'`,
    );
    const ledger = "SELECT key FROM tributary.ledger";
    const found = [inParquet, ...(await warehouse(one.home, ledger)), ...(await database(one.home, ledger))];
    expect(found).toEqual([{ key }, { key }, { key }]);
    keys.push(key);
  }
  expect(keys[0]).toBe(keys[1]);
});

test("guarantee 2: A destination that has the key is skipped", async () => {
  const { put, run, files } = shop();
  put("2020-01", orders(10));
  expect(await run("2020-01")).toMatchObject({ code: 0, summary: { periods: [{ changed: true }] } });
  const before = files();
  expect(await run("2020-01")).toMatchObject({ code: 0, summary: { periods: [{ changed: false }] } });
  expect(files()).toEqual(before);
});

test("guarantee 4: _SUCCESS is written last and removed first", async () => {
  const { home, put, run, lake: at } = shop();
  put("2020-01", orders(10));
  await run("2020-01");
  const manifest = await readManifest(new FolderLake(at("")), "orders", january);
  if (manifest === undefined) throw new Error("the run has left a manifest");

  const done: string[] = [];
  class RecordingLake extends FolderLake {
    override write(path: string, text: string): Promise<void> {
      done.push(path);
      return super.write(path, text);
    }
    override remove(path: string): Promise<void> {
      done.push(`without ${path}`);
      return super.remove(path);
    }
  }
  const lake = new RecordingLake(newFolder());
  await writeManifest(lake, manifest, january);
  const marker = "manifests/orders/year=2020/month=01/_SUCCESS";
  expect((await lake.read(marker))?.trim()).toBe(sha256((await lake.read(manifestOf("01"))) ?? ""));
  await removeSuccess(lake, "orders", january);
  expect(done).toEqual([manifestOf("01"), marker, `without ${marker}`]);

  // A run that fails while loading leaves no success marker, but the old rows.
  await changed(
    home,
    "ALTER TABLE tributary.ledger RENAME TO elsewhere; CREATE VIEW tributary.ledger AS SELECT 1",
  );
  put("2020-01", orders(11));
  expect((await run("2020-01")).code).not.toBe(0);
  expect(existsSync(at(marker))).toBe(false);
  expect(await warehouse(home, "SELECT count(*)::INTEGER AS n FROM raw.orders")).toEqual([{ n: 10 }]);
});

describe("guarantee 5: An unavailable destination stops the run before anything is written", () => {
  const texts = props.columns.map((column) =>
    column.name === "amount" ? { ...column, type: "STRING" as const } : column,
  );

  test("a column of another type, until --replace drops the table", async () => {
    const { home, put, run, files } = shop();
    put("2020-01", orders(10));
    put("2020-02", orders(10));
    for (const period of ["2020-01", "2020-02"]) expect(await run(period, [])).toMatchObject({ code: 0 });
    const before = files();
    const refused = await run("2020-01", [], { columns: texts });
    expect(refused).toMatchObject({ code: 4, summary: { error: { kind: "drift" } } });
    expect(refused.stderr).toMatch(
      /column amount has the type DOUBLE, but the specification requires STRING.*--replace/,
    );
    expect(files()).toEqual(before);
    const replaced = await run("2020-01", ["--replace"], { columns: texts });
    expect(replaced).toMatchObject({
      code: 0,
      summary: { periods: [{ rows: { warehouse: 10, database: 10 } }] },
    });
    const rows = "SELECT count(*)::integer AS n, max(amount) AS most FROM raw.orders";
    expect(await warehouse(home, rows)).toEqual([{ n: 10, most: "6.5" }]);
    expect(await database(home, rows)).toEqual([{ n: 10, most: "6.5" }]);
    expect(await run("2020-02", [], { columns: texts })).toMatchObject({ code: 0 });
    expect(await database(home, rows)).toEqual([{ n: 20, most: "6.5" }]);
  });
});

test("guarantee 6: No row is lost", async () => {
  const { put, run, lake } = shop();
  put("2020-01", [...orders(98), "x,1,bad number", "100,2"]);
  const done = await run("2020-01");
  expect(done).toMatchObject({
    code: 0,
    summary: { periods: [{ rows: { read: 100, rejected: 2, parquet: 98 } }] },
  });
  const kept = readFileSync(lake("rejects/orders/year=2020/month=01/orders_2020-01.jsonl"), "utf8");
  const rejects: unknown[] = kept
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(rejects).toMatchObject([
    { line: 100, column: "id", raw: "x,1,bad number" },
    { line: 101, raw: "100,2" },
  ]);
  // Six of 100 rows are more than 5%.
  put("2020-02", [...orders(94), ...orders(6).map((line) => `x${line}`)]);
  const refused = await run("2020-02");
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain("6 rows do not match the specification, but badRows allows 5 (5%)");
});

test("guarantee 7: No value is changed", async () => {
  const { home, put, run } = shop();
  put("2020-01", [...orders(99), "1.5,1e400,x"]);
  expect(await run("2020-01")).toMatchObject({ code: 0, summary: { periods: [{ rows: { rejected: 1 } }] } });
  expect(await warehouse(home, "SELECT count(*)::INTEGER AS n FROM raw.orders WHERE id = 2")).toEqual([
    { n: 1 },
  ]);
});

describe("guarantee 15: A period is not replaced with far fewer rows", () => {
  test("with only a header, only rejects, or a fraction of the rows of its previous version or neighbors", async () => {
    const { put, run, files } = shop({ badRows: { action: "reject", limit: 1000 } });
    put("2020-01", []);
    expect((await run("2020-01")).stderr).toContain("no row is left; nothing was replaced");
    put("2020-01", orders(400));
    put("2020-03", orders(10_000));
    for (const period of ["2020-01", "2020-03"]) expect(await run(period)).toMatchObject({ code: 0 });
    const before = files();
    const refused: readonly (readonly [string, readonly string[], number, string])[] = [
      ["2020-01", [], 3, "has 0 rows, 0 of them rejected: no row is left"],
      ["2020-01", orders(300).map((line) => `x${line}`), 4, "300 of them rejected: no row is left"],
      ["2020-01", orders(199), 3, "199 rows are less than 50% of the 400 rows that the period has now"],
      ["2020-04", orders(499), 3, "499 rows are less than 5% of the 10000 rows of an adjacent period"],
    ];
    for (const [period, rows, code, message] of refused) {
      put(period, rows);
      const outcome = await run(period);
      expect(outcome.stderr).toContain(message);
      expect(outcome.code).toBe(code);
      expect(files()).toEqual(before);
    }
    put("2020-04", orders(500));
    expect(await run("2020-04")).toMatchObject({ code: 0 });
  });

  test("unless --allow-shrink or the specification allows it", async () => {
    const { put, run } = shop();
    put("2020-01", []);
    const once = await run("2020-01", ["--no-database", "--allow-shrink"]);
    expect(once).toMatchObject({ code: 0, summary: { periods: [{ rows: { parquet: 0, warehouse: 0 } }] } });
    expect(once.stdout).toContain("accepted (--allow-shrink)");
    put("2020-02", []);
    expect(await run("2020-02", ["--no-database"], { shrink: { action: "allow" } })).toMatchObject({
      code: 0,
    });
    expect(await run("2020-02", ["--no-database", "--force"])).toMatchObject({ code: 3 });
  });
});

test("guarantee 17: Data of a newer version is not changed", async () => {
  const { home, put, run, lake } = shop();
  put("2020-01", orders(10));
  await run("2020-01");
  const text = readFileSync(lake(manifestOf("01")), "utf8");
  writeFileSync(lake(manifestOf("01")), text.replace('"version": 1', '"version": 2'));
  const newer = await run("2020-01");
  expect(newer.code).toBe(1);
  expect(newer.stderr).toMatch(/manifest\.json has version 2, but this program supports version 1/);
  writeFileSync(lake(manifestOf("01")), text);
  await changed(home, "INSERT INTO tributary.home VALUES (2)");
  const refused = await run("2020-01");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("the home has version 2");
});

test("guarantee 18: All differences are found, and tables are restored from the lake", async () => {
  const { home, put, run, command, lake, files } = shop();
  for (const period of ["2020-01", "2020-02", "2020-03"]) {
    put(period, orders(50));
    expect(await run(period, [])).toMatchObject({ code: 0 });
  }
  const found = async (name: "verify" | "repair", ...more: readonly string[]) => {
    const { code, stdout } = await command(name, more);
    const summary = report.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
    return { code, places: summary.differences.map(({ period, place }) => `${period} ${place}`) };
  };
  expect(await found("verify", "--deep")).toEqual({ code: 0, places: [] });

  rmSync(lake(manifestOf("01")));
  await changed(home, "DELETE FROM raw.orders WHERE _period = DATE '2020-02-01' AND id = 7");
  await changed(
    home,
    "UPDATE raw.orders SET amount = amount + 1 WHERE _period = DATE '2020-03-01' AND id = 7",
  );
  await database(home, "UPDATE raw.orders SET note = 'other' WHERE _period = DATE '2020-03-01' AND id = 8");
  expect(await found("verify")).toEqual({ code: 3, places: ["2020-01 lake", "2020-02 warehouse"] });
  const deep = ["2020-01 lake", "2020-02 warehouse", "2020-03 warehouse", "2020-03 database"];
  const before = files();
  expect(await found("verify", "--deep")).toEqual({ code: 3, places: deep });
  expect(files()).toEqual(before);

  expect(await found("repair", "--deep")).toEqual({ code: 0, places: [] });
  expect(await found("verify", "--deep")).toEqual({ code: 0, places: [] });
  expect(await run("2020-01", [])).toMatchObject({ code: 0, summary: { periods: [{ changed: false }] } });

  // Files that are missing from the lake must be ingested again.
  writeFileSync(lake(parquetOf("02")), "damaged");
  expect(await found("repair")).toEqual({ code: 3, places: ["2020-02 lake"] });
  expect(await run("2020-02", [])).toMatchObject({ code: 0 });
  expect(await found("verify", "--deep")).toEqual({ code: 0, places: [] });
});

const report = z.object({
  differences: z.array(z.object({ period: z.string(), place: z.string() })),
});

/** Changes a home's warehouse directly. */
async function changed(home: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(home, "warehouse.duckdb"));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
