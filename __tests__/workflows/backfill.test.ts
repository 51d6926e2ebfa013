import * as z from "zod/mini";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { backfillDefinition } from "../../workflows/backfill";
import { httpError } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { raisedBy } from "./support";

const backfill = backfillDefinition({
  project: "my-project",
  location: "europe-west6",
  pipeline: "dev-ingest",
  parallelDatasets: 4,
});

const startRequest = z.object({ argument: z.string() });
const pipelineArgument = z.object({ dataset: z.string() });

/** Executions of the pipeline that end in these states by data set: SUCCEEDED unless given. */
function pipelines(states: Readonly<Record<string, string>> = {}, payload = "why") {
  const started: WorkflowValue[] = [];
  const world: World = {
    now: 0,
    logs: [],
    http: (method, url, body): WorkflowValue => {
      if (method === "post") {
        expect(url).toMatch(/\/workflows\/dev-ingest\/executions$/);
        const { argument } = startRequest.parse(body);
        const { dataset } = pipelineArgument.parse(JSON.parse(argument));
        if (states[dataset] === "MISSING") throw httpError(404, "no such workflow");
        started.push(argument);
        return { name: `executions/${dataset}` };
      }
      const state = states[url.split("/").at(-1) ?? ""] ?? "SUCCEEDED";
      return {
        state,
        result: '{"succeeded":12,"failures":[]}',
        ...(state === "FAILED" && { error: { payload } }),
      };
    },
  };
  return { world, started };
}

test("the backfill is accepted by a deployment", () => {
  expect(workflowFaults(backfill)).toEqual([]);
});

test("the backfill starts the pipeline for each data set with the range, and returns how many periods succeeded", () => {
  const { world, started } = pipelines();
  const args = { datasets: ["yellow_trips", "zones"], from: "2019-01", to: "2019-12" };
  expect(run(backfill, args, world)).toEqual({ yellow_trips: 12, zones: 12 });
  expect(started).toEqual([
    '{"dataset":"yellow_trips","from":"2019-01","to":"2019-12"}',
    '{"dataset":"zones","from":"2019-01","to":"2019-12"}',
  ]);
});

test("the backfill without a range starts the pipeline for the period that is due, as a schedule does", () => {
  const { world, started } = pipelines();
  run(backfill, { datasets: ["zones"] }, world);
  expect(started).toEqual(['{"dataset":"zones","from":null,"to":null}']);
});

test("the backfill runs the maximum number of pipelines at the same time", () => {
  const { world } = pipelines();
  run(backfill, { datasets: ["a", "b", "c", "d", "e"] }, world);
  // Each is looked at after 30 seconds. The fifth waits for one of the first four.
  expect(world.now).toBe(60);
});

test.each([
  ["fails", "FAILED", { message: "zones: the pipeline ended with state FAILED", error: "why" }],
  ["is canceled", "CANCELLED", { message: "zones: the pipeline ended with state CANCELLED", error: "" }],
  ["cannot be started", "MISSING", { code: 404, message: "no such workflow" }],
])("the backfill runs the other pipelines when one %s, and fails in the end", (_, state, failure) => {
  const { world } = pipelines({ zones: state });
  expect(raisedBy(() => run(backfill, { datasets: ["zones", "trips"] }, world))).toMatchObject({
    message: "1 of 2 data sets failed",
    failures: { zones: failure },
    outcomes: { trips: 12 },
  });
});

test.each([null, {}])("the backfill started with %j fails with the format of its argument", (args) => {
  expect(raisedBy(() => run(backfill, args, pipelines().world))).toContain('must be {"datasets"');
});

test("the backfill of a thousand data sets, of which all fail, stays within the limits of an execution", () => {
  const datasets = Array.from({ length: 1000 }, (_, index) => `data_set_with_a_rather_long_name_${index}`);
  const failing = pipelines(Object.fromEntries(datasets.map((id) => [id, "FAILED"])), "x".repeat(10_000));
  // The simulator raises an error for an execution that exceeds a limit.
  expect(raisedBy(() => run(backfill, { datasets }, failing.world))).toMatchObject({
    message: "1000 of 1000 data sets failed",
  });
});
