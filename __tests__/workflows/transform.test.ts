import { pipelineDefinition } from "../../workflows/pipeline";
import { workflowFaults } from "../support/workflows/faults";
import { run } from "../support/workflows/run";
import { type Behavior, cloud, pipeline, raisedBy, transformJob, whole } from "./support";

const program = pipelineDefinition({ ...pipeline, transform: transformJob });
const months = { dataset: "trips", from: "2019-01", to: "2019-03" };

/** The arguments of the transform job, and the result of the pipeline. */
function transformed(behavior: Behavior, args: Readonly<Record<string, string>> = months) {
  const world = cloud(behavior);
  const result = run(program, args, world);
  return { result, jobs: world.started, args: world.executions.at(-1)?.arguments };
}

test("a deployment accepts the pipeline with a transform job", () => {
  expect(workflowFaults(program)).toEqual([]);
});

test("the models of the data set are built for the periods of the pipeline, after they are ingested", () => {
  const { result, jobs, args } = transformed({});
  expect(jobs).toEqual(["dev-backfill", "dev-transform"]);
  expect(args).toEqual(["--dataset", "trips", "--from", "2019-01", "--to", "2019-03"]);
  expect(result).toMatchObject({ succeeded: 3, transformed: "executions/2" });
});

test("a data set that is ingested whole: its only period is passed", () => {
  expect(transformed({ datasets: { trips: whole } }, { dataset: "trips" }).args).toEqual(
    "--dataset trips --from once --to once".split(" "),
  );
});

test("when a period failed, the models are built from the others, and the pipeline fails with that period", () => {
  const world = cloud({ exitCodes: { "2019-02": [1] } });
  const raised = raisedBy(() => run(program, months, world));
  expect(world.started).toContain("dev-transform");
  expect(raised).toMatchObject({
    message: expect.stringContaining("period 2019-02") as unknown,
    result: { succeeded: 2, failed: 1, transformed: "executions/2" },
  });
});

test("when nothing was ingested, nothing is built", () => {
  const world = cloud({ exitCodes: { "2019-01": [3] } });
  expect(
    raisedBy(() => run(program, { dataset: "trips", from: "2019-01", to: "2019-01" }, world)),
  ).toMatchObject({
    result: { succeeded: 0, transformed: null },
  });
  expect(world.started).not.toContain("dev-transform");
});

test("when the transform fails, the pipeline names the model, and keeps what was ingested", () => {
  const failures = [{ kind: "test", name: "trips_add_up", status: "fail", message: "Got 1 result" }];
  const summary = { reason: "test trips_add_up: Got 1 result", failures };
  const raised = raisedBy(() => run(program, months, cloud({ transformed: 3, summary })));
  expect(raised).toMatchObject({
    message: "trips: transform of trips: test trips_add_up: Got 1 result",
    result: { succeeded: 3, failures: [{ failures }] },
  });
});

test("a transform that wrote nothing about its failure fails the pipeline, too", () => {
  expect(raisedBy(() => run(program, months, cloud({ transformed: 1 })))).toMatchObject({
    message: "trips: transform of trips: see the log of the execution",
  });
});

test("without a transform job the pipeline ends after the ingestion", () => {
  const world = cloud({});
  expect(run(pipelineDefinition(pipeline), months, world)).toMatchObject({ transformed: null });
  expect(world.started).toEqual(["dev-backfill"]);
});
