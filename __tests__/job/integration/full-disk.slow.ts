import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { cleanUp, contents, filesIn, ingest, leftovers, newFolder, onCleanUp, type Outcome } from "./support";
import { csv, rows } from "./yellow";
import { describeUnless } from "../../support/unless";

jest.setTimeout(180_000);
afterEach(cleanUp);

const count = 40_000;

describeUnless(reasonAgainst())("ingest run on a full disk", () => {
  test("exits with code 2 at any step, publishes nothing incomplete, and succeeds with free space", async () => {
    const source = sourceOf(2);
    const roomy = newFolder();
    await ingest([...argsFor(roomy, source), "--no-database"]);
    const expected = await contents(roomy);

    // Limit inodes, too: each folder and file requires one.
    const sizes = [
      { options: "size=4k", last: undefined },
      { options: "size=500k", last: undefined },
      { options: "size=4400k", last: undefined },
      { options: "size=100m,nr_inodes=10", last: "parquetize" },
      { options: "size=4700k", last: "publish" },
      { options: "size=9000k", last: "publish" },
      { options: "size=100m,nr_inodes=17", last: "verify" },
    ];
    for (const { options, last } of sizes) {
      const home = newFolder();
      mount(home, options);
      const failed = await ingest([...argsFor(home, source), "--no-database"]);
      expectFull(failed);
      expect(lastStep(failed)).toBe(last);
      // Nothing is in the lake before the step "publish", and no success marker after it.
      const files = Object.keys(filesIn(join(home, "lake"))).map((name) => basename(name));
      const published = ["publish", "verify"].includes(last ?? "");
      expect(files.filter((name) => name !== "manifest.json")).toEqual(
        published ? ["yellow_tripdata_2019-01.parquet"] : [],
      );
      expect(leftovers(home).filter((name) => !name.endsWith(".wal"))).toEqual([]);

      mount(home, "remount,size=200m,nr_inodes=1000");
      expect(await ingest([...argsFor(home, source), "--no-database"])).toMatchObject({
        code: 0,
        stderr: "",
      });
      expect(leftovers(home)).toEqual([]);
      expect(await contents(home)).toEqual(expected);
    }
  });

  test("keeps the previous version of a month complete until the new one is published", async () => {
    const home = newFolder();
    mount(home, "size=20m");
    const small = newFolder();
    writeFileSync(join(small, "2019-01.csv.gz"), gzipSync(csv(rows("2019-01", 500, 1))));
    const args = [...argsFor(home, join(small, "{period}.csv.gz")), "--no-database"];
    expect(await ingest(args)).toMatchObject({ code: 0 });
    const before = filesIn(home);
    mount(home, "remount,size=1500k");
    writeFileSync(join(small, "2019-01.csv.gz"), gzipSync(csv(rows("2019-01", count, 2))));
    expectFull(await ingest(args));
    expect(filesIn(home)).toEqual(before);
    mount(home, "remount,size=200m");
    expect(await ingest(args)).toMatchObject({
      code: 0,
      summary: { periods: [{ rows: { warehouse: count } }] },
    });
  });

  test("of the database exits with code 2, and succeeds with free space", async () => {
    const source = sourceOf(2);
    const home = newFolder();
    const data = join(home, "postgres");
    mkdirSync(data);
    mount(data, "size=30m");
    // Not enough space for a new database.
    const unmade = await ingest(argsFor(home, source));
    expectFull(unmade);
    expect(lastStep(unmade)).toBeUndefined();
    expect(leftovers(home)).toEqual([]);
    mount(data, "remount,size=42m");
    // Enough space for a database, but not for the rows.
    const failed = await ingest(argsFor(home, source));
    expectFull(failed);
    expect(lastStep(failed)).toBe("warehouse");
    expect(leftovers(home)).toEqual([]);
    mount(data, "remount,size=300m");
    expect(await ingest(argsFor(home, source))).toMatchObject({
      code: 0,
      summary: { periods: [{ rows: { warehouse: count, database: count } }] },
    });
    expect(leftovers(home)).toEqual([]);
  });
});

function expectFull(failed: Outcome): void {
  expect(failed.stderr).toMatch(
    /^yellow_tripdata 2019-01: .*(disk is full|No space left on device|the disk of)/,
  );
  expect(failed).toMatchObject({ code: 2, summary: { periods: [], error: { kind: "retryable" } } });
}

function lastStep({ stdout }: Outcome): string | undefined {
  return [...stdout.matchAll(/"step":"(\w+)"/g)].at(-1)?.[1];
}

function sourceOf(seed: number): string {
  const folder = newFolder();
  writeFileSync(join(folder, "2019-01.csv.gz"), gzipSync(csv(rows("2019-01", count, seed))));
  return join(folder, "{period}.csv.gz");
}

function argsFor(home: string, source: string): readonly string[] {
  return ["--dataset", "yellow_tripdata", "--period", "2019-01", "--home", home, "--source", source];
}

/** Mounts a disk in memory on a folder, or resizes it. */
function mount(folder: string, options: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `${options},mode=755`, "tributary-test", folder]);
  if (!options.startsWith("remount")) onCleanUp(() => execFileSync("umount", ["-l", folder]));
}

function reasonAgainst(): string | undefined {
  if (process.geteuid?.() !== 0) return "only root can mount a small disk";
  const folder = mkdtempSync(join(tmpdir(), "tributary-job-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tributary-test", folder], { stdio: "pipe" });
    execFileSync("umount", [folder]);
    return undefined;
  } catch (error) {
    return `a small disk cannot be mounted here: ${String(error)}`;
  } finally {
    rmdirSync(folder);
  }
}
