import fc from "fast-check";
import * as z from "zod/mini";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { pipelineDefinition } from "../../workflows/pipeline";
import { httpError, Raised } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { limits } from "../support/workflows/limits";
import { measured, run } from "../support/workflows/run";
import { type Behavior, cloud, copied, daily, monthly, pipeline, raisedBy, whole } from "./support";

const program = pipelineDefinition(pipeline);
const trips = { dataset: "trips" };

test("the pipeline is accepted by a deployment", () => {
  expect(workflowFaults(program)).toEqual([]);
});

describe("the periods of a pipeline", () => {
  const periodsOf = (behavior: Behavior, range: Readonly<Record<string, string>> = {}) => {
    const world = cloud(behavior);
    run(program, { ...trips, ...range }, world);
    return world.executions.flatMap(({ periods }) => periods);
  };
  const byDay = { datasets: { trips: daily } };

  test("without a range: the one that is due, which is that of now minus what the source is behind", () => {
    expect(periodsOf({})).toEqual(["2026-08"]);
  });

  test("without a range: now is what the clocks of the data set's time zone show", () => {
    const at = "2026-11-01T02:00:00Z";
    expect(periodsOf({ at })).toEqual(["2026-07"]);
    expect(periodsOf({ ...byDay, at })).toEqual(["2026-10-30"]);
  });

  test("from and to: a range, over the turn of a year and a leap day, within the data set's own periods", () => {
    expect(periodsOf({}, { from: "2018-06", to: "2019-02" })).toEqual(["2019-01", "2019-02"]);
    expect(periodsOf(byDay, { from: "2020-02-28", to: "2020-03-01" })).toEqual([
      "2020-02-28",
      "2020-02-29",
      "2020-03-01",
    ]);
    expect(periodsOf({}, { from: "2019-11", to: "2020-02" })).toEqual([
      "2019-11",
      "2019-12",
      "2020-01",
      "2020-02",
    ]);
  });

  test("from without to: up to the period that is due; to without from: that period alone", () => {
    expect(periodsOf({}, { from: "2026-07" })).toEqual(["2026-07", "2026-08"]);
    expect(periodsOf({}, { to: "2020-05" })).toEqual(["2020-05"]);
  });

  test("after the last period, or in a range before the first: none", () => {
    expect(periodsOf({ ...byDay, at: "2027-06-01T12:00:00Z" })).toEqual([]);
    expect(periodsOf({}, { from: "2018-01", to: "2018-02" })).toEqual([]);
  });

  test("of a data set that is ingested whole: once", () => {
    expect(periodsOf({ datasets: { trips: whole } })).toEqual(["once"]);
  });

  test.each([
    [monthly, { from: "2019-1" }, '"2019-1" is not a valid month'],
    [monthly, { from: "2019-01-31" }, '"2019-01-31" is not a valid month'],
    [daily, { to: "2019-01" }, '"2019-01" is not a valid day'],
  ])("a period in another form is refused before anything is started", (facts, range, message) => {
    const world = cloud({ datasets: { trips: facts } });
    expect(raisedBy(() => run(program, { ...trips, ...range }, world))).toContain(message);
    expect(world.started).toEqual([]);
  });
});

describe("what a pipeline refuses", () => {
  test.each<[WorkflowValue]>([[null], [{}], [{ datasets: ["trips"] }], [{ dataset: "" }]])(
    "the argument %j",
    (args) => {
      expect(raisedBy(() => run(program, args, cloud()))).toContain('must be {"dataset": "<id>"}');
    },
  );

  test("a data set that is not deployed, and says where its specification would be", () => {
    expect(raisedBy(() => run(program, { dataset: "tripps" }, cloud()))).toBe(
      "data set tripps is not deployed: gs://my-specifications/tripps.json does not exist",
    );
  });

  test("a data set that is retired", () => {
    const world = cloud({ datasets: { trips: { ...monthly, retired: true } } });
    expect(raisedBy(() => run(program, trips, world))).toBe("data set trips is retired: nothing is ingested");
    expect(world.started).toEqual([]);
  });

  test("more periods than an execution has tasks", () => {
    const world = cloud({ datasets: { trips: { ...daily, first: "1990-01-01" } } });
    expect(raisedBy(() => run(program, { ...trips, from: "1990-01-01" }, world))).toBe(
      "trips: more than 10000 periods do not fit into one execution: start several",
    );
    expect(world.started).toEqual([]);
  });

  test("to go on when specifications cannot be read", () => {
    const world = cloud({ errors: { "alt=media": [httpError(403, "forbidden")] } });
    expect(raisedBy(() => run(program, trips, world))).toMatchObject({ code: 403 });
  });
});

describe("the executions of a pipeline", () => {
  const executionsOf = (behavior: Behavior, range: Readonly<Record<string, string>> = {}) => {
    const world = cloud(behavior);
    run(program, { ...trips, ...range }, world);
    return world.executions.map(({ job, tasks, arguments: args }) => ({ job, tasks, args: args.join(" ") }));
  };

  test("one period: one task of the job for single periods", () => {
    expect(executionsOf({})).toEqual([
      { job: "dev-ingest", tasks: 1, args: "run --dataset trips --period 2026-08" },
    ]);
  });

  test("a range: one execution, in which each period is a task", () => {
    expect(executionsOf({}, { from: "2019-01", to: "2028-12" })).toEqual([
      { job: "dev-backfill", tasks: 120, args: "run --dataset trips --from 2019-01 --to 2028-12" },
    ]);
  });

  test("fewer periods than the job runs in parallel: as many tasks as Cloud Run demands", () => {
    expect(executionsOf({}, { from: "2019-01", to: "2019-02" })).toEqual([
      { job: "dev-backfill", tasks: 3, args: "run --dataset trips --from 2019-01 --to 2019-02" },
    ]);
  });

  test("a transient error: the periods that have it are ingested again, alone, after longer and longer pauses", () => {
    const behavior = {
      exitCodes: { "2019-02": [2], "2019-04": [2, 2], "2019-07": [2] },
    };
    const range = { from: "2019-01", to: "2019-08" };
    expect(executionsOf(behavior, range)).toEqual([
      { job: "dev-backfill", tasks: 8, args: "run --dataset trips --from 2019-01 --to 2019-08" },
      { job: "dev-backfill", tasks: 3, args: "run --dataset trips --period 2019-07,2019-04,2019-02" },
      { job: "dev-ingest", tasks: 1, args: "run --dataset trips --period 2019-04" },
    ]);
    const world = cloud(behavior);
    const before = world.now;
    expect(run(program, { ...trips, ...range }, world)).toMatchObject({
      succeeded: 8,
      failed: 0,
      executions: ["executions/1", "executions/2", "executions/3"],
    });
    expect(world.now - before).toBe(3 * (15 + 30 + 60) + 60 + 240);
  });

  test("a transient error that stays: a failure after three rounds", () => {
    const world = cloud({ exitCodes: { "2019-02": [2, 2, 2] } });
    expect(raisedBy(() => run(program, { ...trips, from: "2019-01", to: "2019-04" }, world))).toMatchObject({
      message: "trips: period 2019-02: retryable failure",
      result: { succeeded: 3, failed: 1, failures: [{ period: "2019-02", exitCode: 2 }] },
    });
    expect(world.executions).toHaveLength(3);
  });
});

describe("a pipeline with a transfer", () => {
  const datasets = { trips: copied };

  test("copies the files before it ingests a period", () => {
    const world = cloud({ datasets });
    run(program, trips, world);
    expect(world.started).toEqual(["transfer", "dev-ingest"]);
  });

  test("ingests nothing when the transfer fails", () => {
    const world = cloud({ datasets, transfer: "FAILED" });
    expect(raisedBy(() => run(program, trips, world))).toMatchObject({
      message: "trips: transfer dev-trips failed",
      result: { failures: [{ status: "FAILED" }], stopped: true, notStarted: 1 },
    });
    expect(world.started).toEqual(["transfer"]);
    expect(world.logs).toMatchObject([{ severity: "ERROR", json: { dataset: "trips" } }]);
  });
});

describe("a pipeline with failing periods", () => {
  const range = { ...trips, from: "2020-01", to: "2020-08" };

  test.each([
    [3, "integrity failure"],
    [4, "schema drift"],
  ])("starts nothing after exit code %i (%s), not even a period with a transient error", (code, meaning) => {
    const world = cloud({
      exitCodes: { "2020-02": [code], "2020-05": [2], "2020-06": [1], "2020-07": [5], "2020-08": [5] },
    });
    expect(raisedBy(() => run(program, range, world))).toMatchObject({
      message: `trips: period 2020-02: ${meaning}`,
      result: { succeeded: 3, failed: 3, notStarted: 2, stopped: true },
    });
    expect(world.executions).toHaveLength(1);
    expect(world.logs.at(-1)).toMatchObject({
      severity: "ERROR",
      json: {
        failures: [
          { period: "2020-06", exitCode: 1 },
          { period: "2020-02", exitCode: code },
          { period: "2020-05", exitCode: 2 },
        ],
      },
    });
  });

  test.each([
    [1, "permanent failure"],
    [137, "the job was stopped"],
    [-1, "the job was stopped"],
  ])("goes on after exit code %i (%s), and fails in the end", (code, meaning) => {
    const world = cloud({ exitCodes: { "2020-02": [code], "2020-04": [code], "2020-05": [2] } });
    expect(raisedBy(() => run(program, range, world))).toMatchObject({
      message: `trips: period 2020-04: ${meaning}`,
      result: { succeeded: 6, failed: 2, stopped: false },
    });
    expect(world.executions).toHaveLength(2);
  });

  test("counts a period whose task Cloud Run has not created as not started", () => {
    const world = cloud({ exitCodes: { "2020-03": [null], "2020-04": [null] } });
    expect(raisedBy(() => run(program, range, world))).toMatchObject({
      message: "trips: 2 periods were not started",
      result: { succeeded: 6, failed: 0, notStarted: 2 },
    });
  });

  test("fails when Cloud Run does not start or follow an execution, and says that no period is known to be complete", () => {
    for (const part of [":run", "executions/1"]) {
      const world = cloud({ errors: { [part]: [httpError(403, "forbidden")] } });
      expect(raisedBy(() => run(program, range, world))).toMatchObject({
        message: "trips: forbidden",
        result: { succeeded: 0, notStarted: 8, stopped: true, failures: [{ code: 403 }] },
      });
    }
  });

  test("logs the outcome of every period that is not ingested, whatever the tasks' exit codes", () => {
    const labels = ["2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06", "2020-07", "2020-08"];
    const logged = z.object({ json: z.object({ outcomes: z.optional(z.record(z.string(), z.string())) }) });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 3, 5, 137), { minLength: 8, maxLength: 8 }), (codes) => {
        const world = cloud({
          exitCodes: Object.fromEntries(labels.map((label, index) => [label, [codes[index] ?? 0]])),
        });
        try {
          run(program, range, world);
        } catch (error) {
          if (!(error instanceof Raised)) throw error;
        }
        const outcomes = world.logs.flatMap((log) => Object.entries(logged.parse(log).json.outcomes ?? {}));
        const bad = codes.filter((code) => code !== 0).length;
        expect(outcomes).toHaveLength(bad);
        expect(world.logs.at(-1)).toMatchObject({ json: { succeeded: 8 - bad } });
      }),
      { numRuns: 30 },
    );
  });
});

describe("a pipeline of ten thousand periods", () => {
  const datasets = { trips: { ...daily, first: "1995-01-01" } };
  const days = { ...trips, from: "1995-01-01", to: "2022-05-18" };

  test("that all succeed, and take a day, stays within the limits of an execution", () => {
    const world = cloud({ datasets, looks: 1440 });
    const { result, usage } = measured(program, days, world);
    expect(result).toMatchObject({ succeeded: 10_000, periods: { count: 10_000 } });
    expect(usage.steps).toBeLessThan(limits.steps / 4);
    expect(usage.memory).toBeLessThan(limits.memory / 4);
  });

  test("of which most fail stays within them too", () => {
    const labels = Array.from({ length: 10_000 }, (_, day) =>
      new Date(Date.UTC(1995, 0, 1 + day)).toISOString().slice(0, 10),
    );
    const exitCodes = Object.fromEntries(labels.map((label, day) => [label, [day % 5 === 0 ? 2 : 1]]));
    // The simulator raises an error for an execution that exceeds a limit.
    expect(raisedBy(() => run(program, days, cloud({ datasets, exitCodes })))).toMatchObject({
      message: "trips: period 2022-05-18: permanent failure",
      result: { succeeded: expect.any(Number) as number, failures: { length: 100 } },
    });
  });
});
