/** Signals during a download: those that Cloud Run sends on timeout and maintenance. */
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

/** A source whose first response stops halfway until `resume` is called. */
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

test("SIGTERM ends a run immediately, and the next run resumes the download", async () => {
  const { ranges, file, run, halfHere } = await source();
  const first = run();
  await halfHere();
  const sent = Date.now();
  first.process.kill("SIGTERM");
  const { code, stderr } = await first.ended;
  // One second on an idle machine; Cloud Run waits ten seconds.
  expect(Date.now() - sent).toBeLessThan(5_000);
  expect(code).toBe(143);
  expect(stderr).toBe("stopped by SIGTERM; run the same command again to continue\n");
  expect(readFileSync(file).equals(content.subarray(0, half))).toBe(true);
  expect(await run().ended).toMatchObject(done);
  expect(ranges).toEqual([undefined, `bytes=${half}-`]);
});

test("SIGTSTP and SIGCONT suspend and continue a run over the same connection", async () => {
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
