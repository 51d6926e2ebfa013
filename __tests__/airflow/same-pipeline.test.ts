import fc from "fast-check";
import * as z from "zod/mini";
import type { Grain } from "../../dataset";
import { pipelineDefinition } from "../../workflows/pipeline";
import { httpError, Raised, raised } from "../support/workflows/errors";
import { run, type World } from "../support/workflows/run";
import { isMap } from "../support/workflows/values";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { describeUnless } from "../support/unless";
import {
  type Behavior,
  cloud,
  copied,
  daily,
  monthly,
  pipeline,
  times,
  transformJob,
  whole,
} from "../workflows/support";
import { type Call, missingPython3, SimulatedDags } from "./simulated";

const withTransform = { ...pipeline, transform: transformJob };
const missing = missingPython3();
const months = { from: "2019-01", to: "2019-08" };

describeUnless(missing)("the workflow and the DAG of a data set do the same", () => {
  let dags: SimulatedDags;
  let untransformed: SimulatedDags;
  beforeAll(() => {
    dags = new SimulatedDags(withTransform);
    untransformed = new SimulatedDags(pipeline);
  });
  afterAll(() => {
    dags.end();
    untransformed.end();
  });

  /** Runs both, each in a cloud of its own that behaves in the same way. */
  async function both(behavior: Behavior, args: Readonly<Record<string, string>> = {}, transform = true) {
    const facts = behavior.datasets?.["trips"] ?? monthly;
    const workflow = ofWorkflow(behavior, args, transform);
    const dag = await (transform ? dags : untransformed).run(facts, args, cloud(behavior));
    return { workflow, dag };
  }

  test.each<[string, Behavior, Readonly<Record<string, string>>]>([
    ["the period that is due", {}, {}],
    ["the period that is due in the time zone of the data set", { at: "2026-11-01T02:00:00Z" }, {}],
    ["a day that is due", { datasets: { trips: daily } }, {}],
    ["days from a leap day on", { datasets: { trips: daily } }, { from: "2020-02-28", to: "2020-03-01" }],
    ["a data set that is ingested whole", { datasets: { trips: whole } }, {}],
    ["a range, within the data set's own periods", {}, { from: "2018-06", to: "2019-02" }],
    ["from a period to the one that is due", {}, { from: "2026-07" }],
    ["one period that is not due", {}, { to: "2020-05" }],
    ["no period", {}, { from: "2018-01", to: "2018-02" }],
    ["more tasks than periods", {}, { from: "2019-01", to: "2019-02" }],
    ["a transfer before it", { datasets: { trips: copied } }, {}],
    ["a transfer that is running already", { datasets: { trips: copied }, busy: 1 }, {}],
    ["a transfer that is always running", { datasets: { trips: copied }, busy: 9 }, {}],
    ["a transfer that fails", { datasets: { trips: copied }, transfer: "FAILED" }, {}],
    ["transient errors", { exitCodes: { "2019-02": [2], "2019-04": [2, 2], "2019-07": [2] } }, months],
    ["a transient error that stays", { exitCodes: { "2026-08": [2, 2, 2] } }, {}],
    [
      "an integrity failure beside a transient error",
      { exitCodes: { "2019-02": [3], "2019-05": [2] } },
      months,
    ],
    [
      "schema drift, after which others did not start",
      { exitCodes: { "2019-02": [4], "2019-03": [5] } },
      months,
    ],
    ["a permanent failure", { exitCodes: { "2019-02": [1], "2019-05": [2] } }, months],
    [
      "tasks that were stopped",
      { exitCodes: { "2019-02": [137], "2019-03": [-1], "2019-04": [null] } },
      months,
    ],
    ["nothing that succeeds", { exitCodes: { "2026-08": [1] } }, {}],
    ["models that fail", { transformed: 3, summary: { reason: "test trips_add_up", failures: [] } }, {}],
    ["models that fail without a reason", { transformed: 1 }, {}],
    ["an execution of an hour", { looks: 60 }, {}],
    ["requests that are retried", { errors: { "executions/1": times(8, httpError(503, "away")) } }, {}],
    ["requests that are given up", { errors: { "executions/1": times(9, httpError(503, "away")) } }, {}],
    ["a start that is retried", { errors: { ":run": times(5, httpError(429, "busy")) } }, {}],
    ["a start that is given up", { errors: { ":run": times(6, httpError(503, "away")) } }, {}],
    ["a start that may have had an effect", { errors: { ":run": [httpError(502, "bad gateway")] } }, {}],
    ["a lost connection", { errors: { "executions/1": [raised("ConnectionError", "reset")] } }, {}],
    [
      "a start without a connection",
      { errors: { ":run": [raised("ConnectionFailedError", "refused")] } },
      {},
    ],
    ["a start that lost its connection", { errors: { ":run": [raised("ConnectionError", "reset")] } }, {}],
    ["a job that may not be started", { errors: { ":run": [httpError(403, "forbidden")] } }, months],
  ])("%s", async (_, behavior, args) => {
    const { workflow, dag } = await both(behavior, args);
    expect(dag.calls).toEqual(workflow.calls);
    expect(outcome(dag.result)).toEqual(outcome(workflow.result));
    expect(reason(dag.result)).toContain(reason(workflow.result));
  });

  test.each<Readonly<Record<string, string>>>([{ from: "2019-1" }, { from: "2019-01-31" }, { to: "2019" }])(
    "a label that is not valid: %j",
    async (args) => {
      const { workflow, dag } = await both({}, args);
      expect(dag).toMatchObject({ calls: [], result: { failure: workflow.result.failure } });
    },
  );

  test("too many periods", async () => {
    const { workflow, dag } = await both(
      { datasets: { trips: { ...daily, first: "1990-01-01" } } },
      { from: "1990-01-01" },
    );
    expect(workflow.result.failure).toContain(dag.result.failure);
  });

  test.each<[Grain, readonly string[]]>([
    ["year", ["2019", "2026"]],
    ["quarter", ["2019-Q1", "2023-Q4"]],
    ["month", ["2019-01", "2020-12"]],
    ["week", ["2018-W01", "2020-W53", "2021-W01", "2024-W52"]],
    ["day", ["2019-01-01", "2020-02-29"]],
    ["hour", ["2019-01-01T00", "2019-12-31T23"]],
  ])("periods of the grain %s: those that are due, and those that are asked for", async (grain, given) => {
    const [first = ""] = given;
    const datasets = { trips: { ...monthly, grain, first, behind: 1 } };
    for (const at of ["2026-01-01T04:59:59Z", "2026-01-01T05:00:00Z", "2024-12-30T12:00:00Z"]) {
      const { workflow, dag } = await both({ datasets, at });
      expect(dag.calls).toEqual(workflow.calls);
      expect(dag.calls[0]?.[3]).toBeDefined();
    }
    for (const label of given) {
      const { workflow, dag } = await both({ datasets }, { from: label, to: label });
      expect(dag.calls).toEqual(workflow.calls);
      expect(JSON.stringify(dag.calls[0]?.[3])).toContain(`"--period","${label}"`);
    }
  });

  test("without a transform job, nothing follows the ingestion", async () => {
    const { workflow, dag } = await both({}, months, false);
    expect(dag.calls).toEqual(workflow.calls);
    expect(dag.calls.at(-1)?.[2]).toContain("executions/1");
  });

  test("whatever the exit codes of the periods are", async () => {
    const code = fc.constantFrom(0, 0, 0, 1, 2, 2, 3, 4, 5, 137, -1, null);
    const labels = Array.from({ length: 8 }, (_, index) => `2019-0${index + 1}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(code, { minLength: 1, maxLength: 3 }), { minLength: 8, maxLength: 8 }),
        async (codes) => {
          const exitCodes = Object.fromEntries(labels.map((label, index) => [label, codes[index] ?? []]));
          const { workflow, dag } = await both({ exitCodes }, months);
          expect(dag.calls).toEqual(workflow.calls);
          expect(outcome(dag.result)).toEqual(outcome(workflow.result));
          expect(reason(dag.result)).toBe(reason(workflow.result));
        },
      ),
      { numRuns: 20 },
    );
  });
});

/** What a run returned, and the message with which it failed. */
interface Outcome {
  readonly failure?: unknown;
  readonly [name: string]: unknown;
}

const failuresShape = z._default(z.array(z.looseObject({ period: z.optional(z.string()) })), []);

/** The numbers of a run, its executions, and the failures of periods. Those of requests have other words in Python. */
function outcome({ failure, succeeded = 0, failed = 0, executions = [], failures }: Outcome): object {
  const ofPeriods = failuresShape.parse(failures).filter(({ period }) => period !== undefined);
  return { fails: failure !== undefined, succeeded, failed, executions, failures: ofPeriods };
}

function reason({ failure }: Outcome): string {
  return typeof failure === "string" ? failure.replace(/^trips: /, "") : "";
}

function ofWorkflow(
  behavior: Behavior,
  args: Readonly<Record<string, string>>,
  transform: boolean,
): { readonly calls: readonly Call[]; readonly result: Outcome } {
  const world = cloud(behavior);
  const start = world.now;
  const calls: Call[] = [];
  const observed: World = {
    ...world,
    get now() {
      return world.now;
    },
    set now(value) {
      world.now = value;
    },
    http: (method, url, body, headers) => {
      // The DAG has these facts in its own JSON.
      if (!url.includes("/b/my-specifications/")) calls.push([world.now - start, method, url, body ?? null]);
      return world.http(method, url, body, headers);
    },
  };
  const program = pipelineDefinition(transform ? withTransform : pipeline);
  try {
    return { calls, result: resultIn(run(program, { dataset: "trips", ...args }, observed)) };
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    const { value } = error;
    if (!isMap(value)) return { calls, result: { failure: value } };
    return { calls, result: { ...resultIn(value.result ?? null), failure: value.message } };
  }
}

function resultIn(value: WorkflowValue): Outcome {
  return isMap(value) ? value : {};
}
