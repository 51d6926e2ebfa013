import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import {
  cleanUp,
  contents,
  ingest,
  leftovers,
  newFolder,
  newHome,
  onCleanUp,
  postgres,
  start,
  type Contents,
} from "./support";
import { csv, rows } from "./yellow";

const months = ["2019-01", "2019-02"];
const count = 20_000;
let source: string;
let oneAfterTheOther: Contents;

beforeAll(async () => {
  source = newFolder();
  for (const month of months) writeFileSync(join(source, `${month}.csv`), csv(rows(month, count)));
  const home = newHome();
  await ingest(argsFor(home, months));
  oneAfterTheOther = await contents(home);
});
afterAll(cleanUp);

describe("guarantee 8: Two runs in the same home wait for each other", () => {
  test("with the same month and another one, one with --force", async () => {
    const home = newFolder();
    const outcomes = await Promise.all([
      ingest(argsFor(home, ["2019-01"])),
      ingest([...argsFor(home, ["2019-01"]), "--force"]),
      ingest(argsFor(home, ["2019-02"])),
    ]);
    for (const { code, stderr, summary } of outcomes) {
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(summary.periods).toMatchObject([{ rows: { warehouse: count, database: count } }]);
    }
    expect(outcomes.some(({ stdout }) => /is in use by process \d+: waiting/.test(stdout))).toBe(true);
    expect(leftovers(home)).toEqual([]);
    expect(await contents(home)).toEqual(oneAfterTheOther);
  });

  test("and the second run of the same month has nothing to do", async () => {
    const home = newHome();
    const outcomes = await Promise.all([1, 2].map(() => ingest(argsFor(home, months))));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    const changed = outcomes.map(({ summary }) => summary.periods.map((period) => period.changed));
    expect(changed).toContainEqual([true, true]);
    expect(changed).toContainEqual([false, false]);
    expect(leftovers(home)).toEqual([]);
    expect(await contents(home)).toEqual(oneAfterTheOther);
  });
});

test("two homes load the same month and others into one database at the same time", async () => {
  const server = await startEmbeddedPostgres(join(newHome(), "postgres"));
  onCleanUp(() => server.stop());
  const homes = [newFolder(), newFolder(), newFolder()];
  const outcomes = await Promise.all(
    homes.map((home, index) =>
      ingest([...argsFor(home, index === 2 ? ["2019-02"] : months), "--force", "--database", server.url]),
    ),
  );
  for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(
    await postgres(
      server.url,
      `SELECT _period::text AS period, count(*)::int AS rows FROM raw.yellow_tripdata GROUP BY 1 ORDER BY 1`,
    ),
  ).toEqual(months.map((month) => ({ period: `${month}-01`, rows: count })));
  expect(await postgres(server.url, "SELECT relname FROM pg_class WHERE relname LIKE '%staging%'")).toEqual(
    [],
  );
  expect(await postgres(server.url, "SELECT period, rows::int FROM tributary.ledger ORDER BY 1")).toEqual(
    months.map((period) => ({ period, rows: count })),
  );
});

describe("a signal to ingest run", () => {
  test.each([
    { signal: "SIGTERM" as const, code: 143, seen: /"step":"extract"/ },
    { signal: "SIGINT" as const, code: 130, seen: /"step":"publish"/ },
    { signal: "SIGTERM" as const, code: 143, seen: /"step":"warehouse"/ },
    { signal: "SIGINT" as const, code: 130, seen: /"step":"database"/ },
  ])("$signal after $seen ends the run immediately and cleanly", async ({ signal, code, seen }) => {
    const home = newHome();
    const { process, said, ended } = start(["run", ...argsFor(home, months), "--json"]);
    await said(seen);
    const sent = Date.now();
    process.kill(signal);
    const outcome = await ended;
    expect(Date.now() - sent).toBeLessThan(5_000);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toBe(`stopped by ${signal}; run the same command again to continue\n`);
    expect(leftovers(home).filter((name) => /^\d+$/.test(name))).toEqual([]);

    expect(await ingest(argsFor(home, months))).toMatchObject({ code: 0, stderr: "" });
    expect(leftovers(home)).toEqual([]);
    expect(await contents(home)).toEqual(oneAfterTheOther);
  });

  test("ends a run that waits for another run or creates the database", async () => {
    const home = newFolder();
    const first = start(["run", ...argsFor(home, months)]);
    const second = start(["run", ...argsFor(home, months)]);
    await Promise.race([first.said(/is in use by/), second.said(/is in use by/)]);
    for (const { process } of [first, second]) process.kill("SIGTERM");
    expect([(await first.ended).code, (await second.ended).code]).toEqual([143, 143]);
    expect(leftovers(home).filter((name) => /^\d+$/.test(name))).toEqual([]);
    expect(await ingest(argsFor(home, months))).toMatchObject({ code: 0, stderr: "" });
    expect(await contents(home)).toEqual(oneAfterTheOther);
  });
});

function argsFor(home: string, periods: readonly string[]): readonly string[] {
  return [
    ...["--dataset", "yellow_tripdata", "--source", join(source, "{period}.csv"), "--home", home],
    ...periods.flatMap((period) => ["--period", period]),
  ];
}
