import type { WorkflowSource, WorkflowValue } from "../../constructs/workflow-source";
import { ingestSubworkflow } from "../../workflows/ingest";
import { httpError, raised } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { cloud, job, raisedBy, times } from "./support";

const program: WorkflowSource = {
  main: {
    steps: [
      { ingest: { call: "ingest", args: { period: "2020-01" }, result: "outcome" } },
      { finish: { return: "${outcome}" } },
    ],
  },
  ingest: ingestSubworkflow(job),
};

test("the ingest of a period is accepted by a deployment", () => {
  expect(workflowFaults(program)).toEqual([]);
});

test("the ingest of a period starts the job with it, waits for its end, and returns the execution", () => {
  const world = cloud();
  expect(run(program, null, world)).toEqual({ period: "2020-01", execution: "executions/1", attempts: 1 });
  expect(world.started).toEqual(["2020-01"]);
  const api = "https://run.googleapis.com/v2/";
  expect(new Set(world.requests)).toEqual(
    new Set([
      `post ${api}projects/my-project/locations/europe-west6/jobs/dev-ingest-trips:run`,
      `get ${api}executions/1`,
    ]),
  );
});

test("the ingest of a period is retried twice after exit code 2, with increasing pauses", () => {
  const world = cloud({ exitCodes: [2, 2] });
  const before = world.now;
  expect(run(program, null, world)).toMatchObject({ attempts: 3, execution: "executions/3" });
  expect(world.started).toEqual(["2020-01", "2020-01", "2020-01"]);
  expect(world.now - before).toBe(3 * (15 + 30 + 60) + 60 + 240);
  expect(raisedBy(() => run(program, null, cloud({ exitCodes: [2, 2, 2] })))).toEqual({
    message: "period 2020-01: retryable failure",
    period: "2020-01",
    exitCode: 2,
    execution: "executions/3",
  });
});

test.each([
  [1, "permanent failure"],
  [3, "integrity failure"],
  [4, "schema drift"],
  [137, "the job was stopped"],
])("the ingest of a period fails without a retry after exit code %i: %s", (exitCode, meaning) => {
  const world = cloud({ exitCodes: [exitCode] });
  expect(raisedBy(() => run(program, null, world))).toMatchObject({
    message: `period 2020-01: ${meaning}`,
    exitCode,
  });
  expect(world.started).toHaveLength(1);
});

test.each<readonly [string, WorkflowValue]>([
  ["has no tasks", {}],
  ["has a task that never started", { tasks: [{}] }],
])("the ingest of a period fails as stopped when its execution %s", (_, tasks) => {
  const { http, ...rest } = cloud({ exitCodes: [1] });
  const world: World = {
    ...rest,
    http: (...request) => (request[1].endsWith("/tasks") ? tasks : http(...request)),
  };
  expect(raisedBy(() => run(program, null, world))).toMatchObject({
    message: "period 2020-01: the job was stopped",
    exitCode: 0,
  });
});

describe("a request that fails while a period is ingested", () => {
  const running = "executions/1";

  test.each([
    ["429", httpError(429, "quota")],
    ["502", httpError(502, "bad gateway")],
    ["503", httpError(503, "unavailable")],
    ["504", httpError(504, "timeout")],
    ["a broken connection", raised("ConnectionError", "reset")],
    ["no connection", raised("ConnectionFailedError", "no route")],
    ["a timeout", raised("TimeoutError", "timed out")],
  ])("is retried for three minutes if it only reads: %s", (_, error) => {
    const world = cloud({ errors: { [running]: times(8, error) } });
    const before = world.now;
    expect(run(program, null, world)).toMatchObject({ attempts: 1 });
    expect(world.now - before).toBe(15 + 30 + 60 + (1 + 2 + 4 + 8 + 16 + 32 + 60 + 60));
    expect(world.started).toHaveLength(1);
    const always = cloud({ errors: { [running]: times(9, error) } });
    expect(raisedBy(() => run(program, null, always))).toEqual(error.value);
  });

  test.each([
    ["400", httpError(400, "bad request")],
    ["403", httpError(403, "forbidden")],
    ["500", httpError(500, "internal")],
  ])("fails the ingest if a retry would not help: %s", (_, error) => {
    const world = cloud({ errors: { [running]: times(1, error) } });
    expect(raisedBy(() => run(program, null, world))).toEqual(error.value);
  });

  test.each([
    ["429", httpError(429, "quota")],
    ["503", httpError(503, "unavailable")],
    ["no connection", raised("ConnectionFailedError", "no route")],
  ])("is retried five times if it certainly did not start the job: %s", (_, error) => {
    const world = cloud({ errors: { ":run": times(5, error) } });
    const before = world.now;
    expect(run(program, null, world)).toMatchObject({ attempts: 1 });
    expect(world.started).toEqual(["2020-01"]);
    expect(world.now - before).toBeCloseTo(15 + 30 + 60 + 1 + 1.25 + 1.25 ** 2 + 1.25 ** 3 + 1.25 ** 4);
    const always = cloud({ errors: { ":run": times(6, error) } });
    expect(raisedBy(() => run(program, null, always))).toEqual(error.value);
  });

  test.each([
    ["502", httpError(502, "bad gateway")],
    ["504", httpError(504, "timeout")],
    ["a broken connection", raised("ConnectionError", "reset")],
    ["a timeout", raised("TimeoutError", "timed out")],
  ])("is not retried if it may have started the job: %s", (_, error) => {
    const world = cloud({ errors: { ":run": times(1, error) } });
    expect(raisedBy(() => run(program, null, world))).toEqual(error.value);
    expect(world.started).toEqual([]);
  });
});
