import type { WorkflowSource } from "../../constructs/workflow-source";
import { executionSubworkflow } from "../../workflows/execution";
import { httpError, raised } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run } from "../support/workflows/run";
import { cloud, raisedBy, times } from "./support";

const program: WorkflowSource = {
  main: {
    steps: [
      {
        run: {
          call: "execution",
          args: {
            job: "dev-ingest",
            tasks: 1,
            arguments: ["run", "--dataset", "trips", "--period", "2020-01"],
          },
          result: "executed",
        },
      },
      { finish: { return: "${executed}" } },
    ],
  },
  execution: executionSubworkflow({ project: "my-project", location: "europe-west6" }),
};
const done = { name: "executions/1", succeeded: 1 };

test("an execution is accepted by a deployment", () => {
  expect(workflowFaults(program)).toEqual([]);
});

test("an execution is started with arguments and tasks, and followed until it ends", () => {
  const world = cloud();
  const before = world.now;
  expect(run(program, null, world)).toEqual(done);
  expect(world.executions).toMatchObject([{ job: "dev-ingest", tasks: 1, periods: ["2020-01"] }]);
  expect(world.now - before).toBe(15 + 30 + 60);
  const api = "https://run.googleapis.com/v2/";
  expect(new Set(world.requests)).toEqual(
    new Set([
      `post ${api}projects/my-project/locations/europe-west6/jobs/dev-ingest:run`,
      `get ${api}executions/1`,
    ]),
  );
});

test("an execution whose tasks fail has none that succeeded", () => {
  const world = cloud({ exitCodes: { "2020-01": [1] } });
  expect(run(program, null, world)).toEqual({ ...done, succeeded: 0 });
});

describe("a request that fails while periods are ingested", () => {
  const running = "executions/1";

  test.each([
    ["429", httpError(429, "quota")],
    ["502", httpError(502, "bad gateway")],
    ["503", httpError(503, "unavailable")],
    ["504", httpError(504, "timeout")],
    ["a broken connection", raised("ConnectionError", "reset")],
    ["no connection", raised("ConnectionFailedError", "no route")],
    ["a timeout", raised("TimeoutError", "timed out")],
  ])("is repeated for three minutes where it only reads: %s", (_, error) => {
    const world = cloud({ errors: { [running]: times(8, error) } });
    const before = world.now;
    expect(run(program, null, world)).toEqual(done);
    expect(world.now - before).toBe(15 + 30 + 60 + (1 + 2 + 4 + 8 + 16 + 32 + 60 + 60));
    expect(world.started).toHaveLength(1);
    const always = cloud({ errors: { [running]: times(9, error) } });
    expect(raisedBy(() => run(program, null, always))).toEqual(error.value);
  });

  test.each([
    ["400", httpError(400, "bad request")],
    ["403", httpError(403, "forbidden")],
    ["500", httpError(500, "internal")],
  ])("fails at once where a repetition would not help: %s", (_, error) => {
    const world = cloud({ errors: { [running]: times(1, error) } });
    expect(raisedBy(() => run(program, null, world))).toEqual(error.value);
  });

  test.each([
    ["429", httpError(429, "quota")],
    ["503", httpError(503, "unavailable")],
    ["no connection", raised("ConnectionFailedError", "no route")],
  ])("is repeated five times where it starts the job and certainly did not: %s", (_, error) => {
    const world = cloud({ errors: { ":run": times(5, error) } });
    const before = world.now;
    expect(run(program, null, world)).toEqual(done);
    expect(world.started).toEqual(["dev-ingest"]);
    expect(world.now - before).toBeCloseTo(15 + 30 + 60 + 1 + 1.25 + 1.25 ** 2 + 1.25 ** 3 + 1.25 ** 4);
    const always = cloud({ errors: { ":run": times(6, error) } });
    expect(raisedBy(() => run(program, null, always))).toEqual(error.value);
  });

  test.each([
    ["502", httpError(502, "bad gateway")],
    ["504", httpError(504, "timeout")],
    ["a broken connection", raised("ConnectionError", "reset")],
    ["a timeout", raised("TimeoutError", "timed out")],
  ])("is not repeated where the job may have been started: %s", (_, error) => {
    const world = cloud({ errors: { ":run": times(1, error) } });
    expect(raisedBy(() => run(program, null, world))).toEqual(error.value);
    expect(world.started).toEqual([]);
  });
});
