/** Signals while a source is downloaded: what Cloud Run sends at a timeout, and at maintenance. */
import { existsSync, readFileSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { cleanUp, newFolder, serve, start } from "./support";
import { csv, rows } from "./yellow";

const content = gzipSync(csv(rows("2019-01", 3_000, 1)));
const half = content.length >> 1;

jest.setTimeout(120_000);
afterEach(cleanUp);

/** A source whose first answer stops half way until it is told to go on. */
async function source() {
  const ranges: (string | undefined)[] = [];
  let waiting: ServerResponse | undefined;
  const url = await serve((request, response) => {
    ranges.push(request.headers.range);
    const from = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"1"',
      "content-length": content.length - from,
      ...(from > 0 && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (ranges.length > 1) response.end(content.subarray(from));
    else {
      response.write(content.subarray(0, half));
      waiting = response;
    }
  });
  const home = newFolder();
  const file = join(home, "scratch/yellow_tripdata/2019-01/source.csv.gz");
  const run = () =>
    start([
      ...[
        "run",
        "--dataset",
        "yellow_tripdata",
        "--period",
        "2019-01",
        "--home",
        home,
        "--no-database",
        "--json",
      ],
      ...["--source", `${url}/{period}.csv.gz`],
    ]);
  const halfHere = async () => {
    while (!existsSync(file) || statSync(file).size < half) await sleep(20);
  };
  return { ranges, file, run, halfHere, goOn: () => waiting?.end(content.subarray(half)) };
}

const done = { code: 0, summary: { periods: [{ rows: { read: 3_000, warehouse: 3_000 } }] } };

test("SIGTERM ends it at once, and the next run goes on from there", async () => {
  const { ranges, file, run, halfHere } = await source();
  const first = run();
  await halfHere();
  const sent = Date.now();
  first.process.kill("SIGTERM");
  const { code, stderr } = await first.ended;
  // A second on an idle machine; Cloud Run waits for ten.
  expect(Date.now() - sent).toBeLessThan(5_000);
  expect(code).toBe(143);
  expect(stderr).toBe("stopped by SIGTERM; run the same command again to continue\n");
  expect(readFileSync(file).equals(content.subarray(0, half))).toBe(true);
  expect(await run().ended).toMatchObject(done);
  expect(ranges).toEqual([undefined, `bytes=${half}-`]);
});

test("SIGTSTP and SIGCONT: it goes on, over the same connection", async () => {
  const { ranges, run, halfHere, goOn } = await source();
  const running = run();
  await halfHere();
  running.process.kill("SIGTSTP");
  await sleep(300);
  goOn();
  await sleep(300);
  running.process.kill("SIGCONT");
  expect(await running.ended).toMatchObject(done);
  expect(ranges).toEqual([undefined]);
});
