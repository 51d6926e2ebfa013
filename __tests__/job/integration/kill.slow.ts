import { readdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import {
  cleanUp,
  contents,
  ingest,
  leftovers,
  newFolder,
  newHome,
  start,
  type Contents,
  type Running,
} from "./support";
import { csv, rows } from "./yellow";

jest.setTimeout(120_000);

const count = 40_000;
const versions = { a: gzipSync(csv(rows("2019-01", count, 1))), b: gzipSync(csv(rows("2019-01", count, 2))) };

let source: string;
let neverKilled: { readonly a: Contents; readonly b: Contents };

beforeAll(async () => {
  source = newFolder();
  const home = newHome();
  put("a");
  await ingest(argsFor(home));
  const a = await contents(home);
  put("b");
  await ingest(argsFor(home));
  neverKilled = { a, b: await contents(home) };
});
afterAll(cleanUp);

/** Times to kill a run: a pattern in its output, and a delay after it. */
const moments: readonly (readonly [seen: RegExp, milliseconds: number])[] = [
  [/^/, 350],
  [/"step":"extract"/, 40],
  [/"step":"parquetize"/, 0],
  [/"step":"publish"/, 0],
  [/"step":"publish"/, 60],
  [/"step":"warehouse"/, 0],
  [/"step":"warehouse"/, 150],
  [/"step":"database"/, 0],
  [/"step":"verify"/, 0],
];

test("guarantee 3: All writes are atomic: a run killed at any time and run again has the same result", async () => {
  const home = newHome();
  put("a");
  await ingest(argsFor(home));
  const seen = [];
  for (const [index, [pattern, later]] of moments.entries()) {
    const newer = index % 2 === 0 ? "b" : "a";
    put(newer);
    seen.push(await killed(start(["run", ...argsFor(home), "--json"]), pattern, later));
    const again = await ingest(argsFor(home));
    expect(again.stderr).toBe("");
    expect(again).toMatchObject({
      code: 0,
      summary: { periods: [{ rows: { parquet: count, warehouse: count, database: count } }] },
    });
    expect(leftovers(home)).toEqual([]);
    expect(await contents(home)).toEqual(neverKilled[newer]);
  }
  // The runs were still running then, in different steps.
  expect(seen.filter(({ signal }) => signal === "SIGKILL").length).toBeGreaterThan(moments.length - 3);
  expect(new Set(seen.map(({ step }) => step)).size).toBeGreaterThan(4);
});

test("a run killed while it creates the database succeeds when run again", async () => {
  const home = newFolder();
  put("a");
  const run = start(["run", ...argsFor(home), "--json"]);
  while (!drafts(home).length && run.process.exitCode === null) await sleep(5);
  expect(await killed(run, /^/, 50)).toMatchObject({ signal: "SIGKILL" });
  expect(drafts(home)).not.toEqual([]);
  expect(await ingest(argsFor(home))).toMatchObject({ code: 0 });
  // An initdb that outlived its parent may still write: then the next run removes it.
  expect(await ingest(argsFor(home))).toMatchObject({ code: 0, summary: { periods: [{ changed: false }] } });
  expect(leftovers(home)).toEqual([]);
  expect(await contents(home)).toEqual(neverKilled.a);
});

test("a run killed in its first moments in a new home succeeds when run again", async () => {
  put("a");
  const delays = [180, 230, 280, 330, 380, 430, 480, 530];
  for (const pair of [delays.slice(0, 4), delays.slice(4)]) {
    await Promise.all(
      pair.map(async (delay) => {
        const home = newFolder();
        const args = [...argsFor(home), "--no-database"];
        await killed(start(["run", ...args]), /^/, delay);
        expect(await ingest(args)).toMatchObject({ code: 0, stderr: "" });
        expect(leftovers(home)).toEqual([]);
        const { lake, warehouse } = neverKilled.a;
        expect(await contents(home)).toEqual({ lake, warehouse });
      }),
    );
  }
});

function argsFor(home: string): readonly string[] {
  const from = join(source, "{period}.csv.gz");
  return ["--dataset", "yellow_tripdata", "--period", "2019-01", "--source", from, "--home", home];
}

function put(version: keyof typeof versions): void {
  writeFileSync(join(source, "2019-01.csv.gz"), versions[version]);
}

function drafts(home: string): readonly string[] {
  try {
    return readdirSync(join(home, "postgres")).filter((name) => name.startsWith("cluster."));
  } catch {
    return [];
  }
}

/** Kills a run a while after a line of output. Returns whether it was still running, and its last step. */
async function killed({ process, said, ended }: Running, seen: RegExp, later: number) {
  await said(seen);
  await Promise.race([sleep(later), once(process, "exit")]);
  process.kill("SIGKILL");
  const { signal, stdout } = await ended;
  return { signal, step: stdout.match(/"step":"\w+"/g)?.at(-1) };
}
