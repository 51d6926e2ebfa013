import fc from "fast-check";
import * as z from "zod/mini";
import { type Pipeline, pipelineDefinition } from "../../workflows/pipeline";
import { Raised } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { limits } from "../support/workflows/limits";
import { measured, run } from "../support/workflows/run";
import { cloud, daily, monthly, raisedBy } from "./support";

const copied: Pipeline = { ...monthly, transferJob: "dev-trips" };
const whole: Pipeline = { ...monthly, periods: { grain: "once" } };
const logged = z.object({
  json: z.object({ outcomes: z.array(z.unknown()), failures: z._default(z.array(z.unknown()), []) }),
});

test.each(Object.entries({ monthly, daily, copied, whole }))(
  "the pipeline of %s periods is accepted by a deployment",
  (_, pipeline) => {
    expect(workflowFaults(pipelineDefinition(pipeline))).toEqual([]);
  },
);

describe("the periods of a pipeline", () => {
  const periodsOf = (pipeline: Pipeline, args: Parameters<typeof run>[1], at?: string) => {
    const world = cloud({ at });
    run(pipelineDefinition(pipeline), args, world);
    return world.started;
  };

  test("without arguments: the period that is due, the current one minus the publication delay", () => {
    expect(periodsOf(monthly, {})).toEqual(["2026-08"]);
  });

  test("without arguments: the current date in the data set's time zone", () => {
    const late = "2026-11-01T02:00:00Z";
    expect(periodsOf(monthly, null, late)).toEqual(["2026-07"]);
    expect(periodsOf(daily, null, late)).toEqual(["2026-10-30"]);
  });

  test("from and to: a range across New Year and a leap day, limited to the data set's periods", () => {
    expect(periodsOf(monthly, { from: "2018-06", to: "2019-02" })).toEqual(["2019-01", "2019-02"]);
    expect(periodsOf(daily, { from: "2020-02-28", to: "2020-03-01" })).toEqual([
      "2020-02-28",
      "2020-02-29",
      "2020-03-01",
    ]);
    expect(periodsOf(monthly, { from: "2019-11", to: "2020-02" })).toEqual([
      "2019-11",
      "2019-12",
      "2020-01",
      "2020-02",
    ]);
  });

  test("from without to: up to the period that is due; to without from: that period alone", () => {
    expect(periodsOf(monthly, { from: "2026-07" })).toEqual(["2026-07", "2026-08"]);
    expect(periodsOf(monthly, { to: "2020-05" })).toEqual(["2020-05"]);
  });

  test("after the last period: no periods", () => {
    expect(periodsOf(daily, {}, "2027-06-01T12:00:00Z")).toEqual([]);
  });

  test("of a data set without periods: once", () => {
    expect(periodsOf(whole, {})).toEqual(["once"]);
  });

  test("more periods than an execution has steps for: an error before the first one", () => {
    const world = cloud();
    const far = { from: "2020-01-01", to: "2026-01-01" };
    expect(raisedBy(() => run(pipelineDefinition(daily), far, world))).toMatch(/^more than 366 periods/);
    expect(world.started).toEqual([]);
  });
});

describe("a pipeline with a transfer", () => {
  test("copies the files before it ingests a period", () => {
    const world = cloud();
    run(pipelineDefinition(copied), {}, world);
    expect(world.started).toEqual(["transfer", "2026-08"]);
  });

  test("ingests nothing when the transfer fails", () => {
    const world = cloud({ transfer: "FAILED" });
    expect(raisedBy(() => run(pipelineDefinition(copied), {}, world))).toMatchObject({
      message: "trips: transfer dev-trips failed",
      failures: [{ status: "FAILED" }],
      stopped: true,
    });
    expect(world.started).toEqual(["transfer"]);
    expect(world.logs).toMatchObject([{ severity: "ERROR" }]);
  });
});

describe("a pipeline with failing periods", () => {
  const range = { from: "2020-01", to: "2020-08" };

  test.each([
    [3, "integrity failure"],
    [4, "schema drift"],
  ])("starts no further period after exit code %i (%s), and waits for running ones", (code, meaning) => {
    const world = cloud({ exitCodes: [0, code] });
    const failure = raisedBy(() => run(pipelineDefinition(monthly), range, world));
    expect(failure).toMatchObject({
      message: `trips: period 2020-02: ${meaning}`,
      failures: [{ period: "2020-02", exitCode: code }],
      stopped: true,
    });
    // The first three start together. The next one follows the success of the first.
    expect(world.started).toEqual(["2020-01", "2020-02", "2020-03", "2020-04"]);
    const outcomes = [{ period: "2020-01" }, { period: "2020-03" }, { period: "2020-04" }];
    expect(world.logs).toMatchObject([{ severity: "ERROR", json: { outcomes } }]);
  });

  test.each([
    [1, "permanent failure"],
    [137, "the job was stopped"],
  ])("continues after exit code %i (%s), and fails at the end", (code, meaning) => {
    const world = cloud({ exitCodes: [0, code, 0, code] });
    const failure = raisedBy(() => run(pipelineDefinition(monthly), range, world));
    expect(failure).toMatchObject({
      message: `trips: period 2020-02: ${meaning}`,
      failures: [{ period: "2020-02" }, { period: "2020-04", exitCode: code }],
      stopped: false,
    });
    expect(world.started).toHaveLength(8);
  });

  test("records all outcomes and failures, in any order of the periods", () => {
    const labels = ["2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06", "2020-07", "2020-08"];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1, 137), { minLength: 8, maxLength: 8 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
        (exitCodes, places) => {
          const order = <T>(branches: readonly T[]) => places.flatMap((place) => branches[place] ?? []);
          const world = cloud({ exitCodes: [...exitCodes], order });
          try {
            run(pipelineDefinition(monthly), range, world);
          } catch (error) {
            if (!(error instanceof Raised)) throw error;
          }
          const failed = labels.filter((_, index) => (exitCodes[index] ?? 0) !== 0).length;
          expect(world.started).toEqual(places.map((place) => labels[place]));
          const [log = null] = world.logs;
          const { outcomes, failures } = logged.parse(log).json;
          expect([outcomes.length, failures.length]).toEqual([8 - failed, failed]);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test("a pipeline ingests at most the maximum number of periods at the same time", () => {
  const world = cloud();
  const before = world.now;
  run(pipelineDefinition(monthly), { from: "2020-01", to: "2020-06" }, world);
  // An execution is seen to have ended after 15 + 30 + 60 seconds. Six of them three at a time take twice that.
  expect(world.now - before).toBe(2 * (15 + 30 + 60));
});

test("a pipeline with the maximum number of periods, each of an hour, stays within the limits of an execution", () => {
  // After 15 and 30 seconds it looks every minute.
  const world = cloud({ looks: 60 });
  const { usage } = measured(pipelineDefinition(daily), { from: "2020-01-01", to: "2020-12-31" }, world);
  expect(world.started).toHaveLength(366);
  expect(usage.steps).toBeLessThan(limits.steps);
  expect(usage.memory).toBeLessThan(limits.memory / 2);
});

describe("the log of a pipeline", () => {
  test("has the outcome when it succeeds", () => {
    const world = cloud();
    run(pipelineDefinition(monthly), {}, world);
    expect(world.logs).toMatchObject([
      { severity: "INFO", json: { dataset: "trips", periods: ["2026-08"] } },
    ]);
  });

  test("has the failures when it fails", () => {
    const world = cloud({ exitCodes: [3] });
    raisedBy(() => run(pipelineDefinition(monthly), {}, world));
    expect(world.logs).toMatchObject([
      { severity: "ERROR", json: { dataset: "trips", failures: [{ exitCode: 3 }] } },
    ]);
  });
});
