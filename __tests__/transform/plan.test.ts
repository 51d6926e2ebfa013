import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { loadCatalog } from "../fixtures/catalog";
import { planOf, readState, recordBuild, type State } from "../../transform/driver/plan";

const catalog = loadCatalog();
const request = { catalog, digest: "one", fullRefresh: false };
const loaded = (period: string, key: string, dataset = "yellow_tripdata") => ({ dataset, period, key });
const state = (more: Partial<State> = {}): State => ({
  loaded: [loaded("2019-01", "a"), loaded("2019-02", "b"), loaded("once", "z", "taxi_zones")],
  built: [loaded("2019-01", "a"), loaded("2019-02", "b"), loaded("once", "z", "taxi_zones")],
  project: "one",
  missing: [],
  ...more,
});

test("nothing has changed: nothing is built", () => {
  expect(planOf(state(), request)).toEqual({ kind: "nothing" });
});

test("a period that was loaded again, a new one, and one that was removed are replaced", () => {
  const before = [loaded("2019-01", "a"), loaded("2019-02", "b"), loaded("2019-03", "c")];
  const now = [loaded("2019-01", "a"), loaded("2019-02", "B"), loaded("2019-04", "d")];
  expect(planOf(state({ loaded: now, built: before }), request)).toEqual({
    kind: "periods",
    days: ["2019-02-01", "2019-03-01", "2019-04-01"],
  });
});

test("requested periods are replaced whether or not they have changed, and no others", () => {
  const days = ["2019-02-01"];
  expect(planOf(state({ built: [loaded("once", "z", "taxi_zones")] }), { ...request, days })).toEqual({
    kind: "periods",
    days,
  });
});

test.each<[string, Partial<State>, RegExp]>([
  ["the first build", { project: undefined, built: [] }, /nothing was built before/],
  ["a changed model", { project: "another" }, /the models have changed/],
  ["a table that was dropped", { missing: ["fact_trips"] }, /core\.fact_trips does not exist/],
  [
    "changed zones",
    { built: [loaded("2019-01", "a"), loaded("once", "y", "taxi_zones")] },
    /taxi_zones has changed/,
  ],
])("%s builds all periods", (_, more, reason) => {
  expect(planOf(state(more), { ...request, days: ["2019-01-01"] })).toEqual({
    kind: "all",
    reason: expect.stringMatching(reason) as unknown,
    days: ["2019-01-01", "2019-02-01"],
  });
});

test("whatever is loaded and built in whatever order, what is recorded is what was read, and nothing is left to do", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("CREATE SCHEMA tributary");
  await connection.run("CREATE SCHEMA core");
  await connection.run(
    "CREATE TABLE tributary.ledger (dataset VARCHAR, period VARCHAR, key VARCHAR, loaded_at TIMESTAMPTZ)",
  );
  const ids = ["green_tripdata", "taxi_zones", "yellow_tripdata"];
  const step = fc.record({
    dataset: fc.constantFrom(...ids),
    month: fc.integer({ min: 1, max: 3 }),
    key: fc.constantFrom("a", "b", undefined),
    builds: fc.constantFrom("none", "all changed", "2019-02-01"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      for (const table of ["transformed", "transform"])
        await connection.run(`DROP TABLE IF EXISTS tributary.${table}`);
      await connection.run("DELETE FROM tributary.ledger");
      for (const { dataset, month, key, builds } of steps) {
        const period = dataset === "taxi_zones" ? "once" : `2019-0${month}`;
        await connection.run(
          `DELETE FROM tributary.ledger WHERE dataset = '${dataset}' AND period = '${period}'`,
        );
        if (key !== undefined)
          await connection.run(
            `INSERT INTO tributary.ledger VALUES ('${dataset}', '${period}', '${key}', now())`,
          );
        if (builds === "none") continue;
        const read = await readState(connection, ids, []);
        const plan = planOf(read, { ...request, ...(builds !== "all changed" && { days: [builds] }) });
        if (plan.kind === "nothing") continue;
        await recordBuild(connection, plan, read, request);
        const left = planOf(await readState(connection, ids, []), request);
        if (builds === "all changed") expect(left).toEqual({ kind: "nothing" });
        else if (left.kind === "periods") expect(left.days).not.toContain(builds);
      }
      const read = await readState(connection, ids, []);
      const plan = planOf(read, { ...request, fullRefresh: true });
      if (plan.kind === "nothing") throw new Error("a full refresh builds");
      await recordBuild(connection, plan, read, request);
      expect((await readState(connection, ids, [])).built).toEqual(read.loaded);
    }),
    { numRuns: 25 },
  );
  connection.closeSync();
  instance.closeSync();
});

test("a period that is loaded again from the same file, such as by a repair, is built again", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("CREATE SCHEMA tributary");
  await connection.run(
    `CREATE TABLE tributary.ledger AS
     SELECT 'yellow_tripdata' AS dataset, '2019-01' AS period, 'a' AS key, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS loaded_at`,
  );
  const state = () => readState(connection, ["yellow_tripdata"], []);
  const read = await state();
  const plan = planOf(read, request);
  if (plan.kind === "nothing") throw new Error("nothing was built before");
  await recordBuild(connection, plan, read, request);
  expect(planOf(await state(), request)).toEqual({ kind: "nothing" });
  await connection.run("UPDATE tributary.ledger SET loaded_at = TIMESTAMPTZ '2026-01-01 00:00:01Z'");
  expect(planOf(await state(), request)).toEqual({ kind: "periods", days: ["2019-01-01"] });
  connection.closeSync();
  instance.closeSync();
});
