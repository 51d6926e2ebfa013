import type { WorkflowValue } from "../../constructs/workflow-source";
import { backfillDefinition } from "../../workflows/backfill";
import { httpError } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { raisedBy } from "./support";

const backfill = backfillDefinition({
  project: "my-project",
  location: "europe-west6",
  pipelineName: (variable, leading) => `"${leading}dev-ingest-" + text.replace_all(${variable}, "_", "-")`,
  parallelDatasets: 4,
});

/** Workflows whose executions end in these states: SUCCEEDED unless given. */
function pipelines(states: Readonly<Record<string, string>> = {}) {
  const started: WorkflowValue[] = [];
  const world: World = {
    now: 0,
    logs: [],
    http: (method, url, body): WorkflowValue => {
      const name = /workflows\/([^/]+)\/executions/.exec(url)?.[1];
      if (method === "post") {
        if (states[name ?? ""] === "MISSING") throw httpError(404, "no such workflow");
        started.push({ [name ?? ""]: body ?? null });
        return { name: `executions/${name ?? ""}` };
      }
      const state = states[url.split("/").at(-1) ?? ""] ?? "SUCCEEDED";
      return { state, result: '{"periods":["2019-01"]}', error: { payload: "why" } };
    },
  };
  return { world, started };
}

test("the backfill is accepted by a deployment", () => {
  expect(workflowFaults(backfill)).toEqual([]);
});

test("the backfill starts the pipeline of each data set with the range", () => {
  const { world, started } = pipelines();
  const args = { datasets: ["yellow_trips", "zones"], from: "2019-01", to: "2019-12" };
  expect(run(backfill, args, world)).toEqual({
    yellow_trips: { periods: ["2019-01"] },
    zones: { periods: ["2019-01"] },
  });
  const argument = { argument: '{"from":"2019-01","to":"2019-12"}' };
  expect(started).toEqual([{ "dev-ingest-yellow-trips": argument }, { "dev-ingest-zones": argument }]);
});

test("the backfill runs the maximum number of pipelines at the same time", () => {
  const { world } = pipelines();
  run(backfill, { datasets: ["a", "b", "c", "d", "e"] }, world);
  // Each is looked at after 30 seconds. The fifth waits for one of the first four.
  expect(world.now).toBe(60);
});

test.each([
  ["fails", "FAILED", { message: "zones: the pipeline ended with state FAILED", error: { payload: "why" } }],
  ["is canceled", "CANCELLED", { message: "zones: the pipeline ended with state CANCELLED" }],
  ["cannot be started", "MISSING", { code: 404, message: "no such workflow" }],
])("the backfill runs the other pipelines when one %s, and fails in the end", (_, state, failure) => {
  const { world } = pipelines({ "dev-ingest-zones": state });
  expect(raisedBy(() => run(backfill, { datasets: ["zones", "trips"] }, world))).toMatchObject({
    message: "1 of 2 data sets failed",
    failures: { zones: failure },
    outcomes: { trips: { periods: ["2019-01"] } },
  });
});

test.each([null, {}])("the backfill started with %j fails with the format of its argument", (args) => {
  expect(raisedBy(() => run(backfill, args, pipelines().world))).toContain('must be {"datasets"');
});
