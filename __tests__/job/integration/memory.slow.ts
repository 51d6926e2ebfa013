import { copyFileSync, createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { cleanUp, newFolder, onCleanUp, start, type Outcome } from "./support";
import { header, rows } from "./yellow";
import { describeUnless } from "../../support/unless";

jest.setTimeout(600_000);
afterAll(cleanUp);

const million = 1_000_000;
/** In MB, whatever the number of rows and periods. */
const limit = 350;
const reason =
  process.platform === "linux"
    ? undefined
    : "the largest size of a process is read from /proc, which Linux has";

describeUnless(reason)("memory of the job's process", () => {
  let small: string;
  beforeAll(async () => {
    small = newFolder();
    await write(join(small, "2019-01.csv.gz"), 1.4 * million);
  });

  test("stays below 350 MB for two months of 1.4 million rows into all destinations", async () => {
    copyFileSync(join(small, "2019-01.csv.gz"), join(small, "2019-02.csv.gz"));
    const { outcome, megabytes } = await measured(small, ["--period", "2019-02"]);
    const month = { rows: { database: 1.4 * million } };
    expect(outcome).toMatchObject({ code: 0, summary: { periods: [month, month] } });
    // Less would mean that another process was measured.
    expect(megabytes).toBeGreaterThan(100);
    expect(megabytes).toBeLessThan(limit);
  });

  test("stays below 350 MB for four times as many rows", async () => {
    const large = newFolder();
    await write(join(large, "2019-01.csv.gz"), 5.6 * million);
    const { outcome, megabytes } = await measured(large, ["--no-database"]);
    expect(outcome.summary.periods[0]?.rows.warehouse).toBe(5.6 * million);
    expect(megabytes).toBeLessThan(limit);
  });
});

/** A month with this number of rows: the same row group of trips, repeated. */
async function write(file: string, count: number): Promise<void> {
  const size = 20_000;
  const blocks = [1, 2, 3, 4, 5, 6, 7].map((seed) => `${rows("2019-01", size, seed).join("\n")}\n`);
  const text = function* () {
    yield `${header}\n`;
    for (let block = 0; block < count / size; block += 1) yield blocks[block % blocks.length] ?? "";
  };
  await pipeline(Readable.from(text()), createGzip({ level: 1 }), createWriteStream(file));
}

/** Runs the job and polls the peak memory of its process until it exits. */
async function measured(folder: string, more: readonly string[]) {
  const args = ["run", "--dataset", "yellow_tripdata", "--period", "2019-01", "--home", newFolder()];
  const run = start([...args, "--source", join(folder, "{period}.csv.gz"), ...more, "--json"]);
  let kilobytes = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${run.process.pid ?? 0}/status`, "utf8");
      kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? kilobytes);
    } catch {
      // The process has exited.
    }
  }, 20);
  onCleanUp(() => {
    clearInterval(look);
  });
  const outcome: Outcome = await run.ended;
  clearInterval(look);
  const megabytes = (kilobytes * 1024) / 1e6;
  process.stderr.write(`${megabytes.toFixed(0)} MB at most\n`);
  return { outcome, megabytes };
}
