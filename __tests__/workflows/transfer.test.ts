import type { WorkflowSource } from "../../constructs/workflow-source";
import { transferSubworkflow } from "../../workflows/transfer";
import { httpError } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run, type World } from "../support/workflows/run";
import { cloud, raisedBy, times } from "./support";

const program: WorkflowSource = {
  main: {
    steps: [{ copy: { call: "transfer", result: "operation" } }, { finish: { return: "${operation}" } }],
  },
  transfer: transferSubworkflow("dev-trips", "my-project"),
};

test("the transfer is accepted by a deployment", () => {
  expect(workflowFaults(program)).toEqual([]);
});

test("the transfer starts the job, waits for its end, and returns the operation", () => {
  const world = cloud();
  const before = world.now;
  expect(run(program, null, world)).toBe("transferOperations/1");
  expect(world.started).toEqual(["transfer"]);
  expect(world.now - before).toBe(15 + 30 + 60);
});

test("the transfer waits for a running operation, and then starts another one", () => {
  const world = cloud({ busy: 1 });
  run(program, null, world);
  expect(world.started).toEqual(["waited", "transfer"]);
});

test("the transfer fails with the error of the start when the job is always running", () => {
  const world = cloud({ busy: 9 });
  expect(raisedBy(() => run(program, null, world))).toMatchObject({
    code: 400,
    message: "it is running already",
  });
  expect(world.started).toEqual(["waited", "waited"]);
});

test("the transfer fails with the error of the start when there is no operation to wait for", () => {
  const { http, ...rest } = cloud({ busy: 1 });
  const world: World = {
    ...rest,
    http: (...request) => (request[1].includes("?projectId=my-project") ? {} : http(...request)),
  };
  expect(raisedBy(() => run(program, null, world))).toMatchObject({ code: 400 });
});

test("the transfer fails when its run fails", () => {
  expect(raisedBy(() => run(program, null, cloud({ transfer: "FAILED" })))).toEqual({
    message: "transfer dev-trips failed",
    operation: "transferOperations/1",
    status: "FAILED",
    error: null,
  });
});

test.each([
  [403, "forbidden", 1],
  [404, "not found", 1],
  [503, "unavailable", 6],
])("the transfer fails with status %i of the start: %s", (code, message, requests) => {
  const world = cloud({ errors: { ":run": times(9, httpError(code, message)) } });
  expect(raisedBy(() => run(program, null, world))).toMatchObject({ code, message });
  expect(world.requests).toHaveLength(requests);
});
