import type { WorkflowValue } from "../../constructs/workflow-source";
import type { Pipeline } from "../../workflows/pipeline";
import { httpError, Raised } from "../support/workflows/errors";
import type { World } from "../support/workflows/run";

export const job = { project: "my-project", location: "europe-west6", name: "dev-ingest-trips" };

export const monthly: Pipeline = {
  dataset: "trips",
  job,
  periods: { grain: "month", first: "2019-01", behind: 3, timeZone: "America/New_York" },
  parallelPeriods: 3,
};
export const daily: Pipeline = {
  ...monthly,
  periods: { grain: "day", first: "2019-01-01", last: "2026-12-31", behind: 1, timeZone: "America/New_York" },
};

/** How the simulated APIs behave. */
export interface Behavior {
  /** Exit codes of the job's executions, in the order in which they start; then 0. */
  readonly exitCodes?: readonly number[];
  /** When the workflow starts. @default - 2026-11-02T11:00:00Z */
  readonly at?: string;
  /** How a run of the transfer job ends. @default - SUCCESS */
  readonly transfer?: "SUCCESS" | "FAILED";
  /** How often a start of the transfer job is rejected because it is running. @default - never */
  readonly busy?: number;
  /** Errors of requests, by a part of the URL, each once and in turn. */
  readonly errors?: Readonly<Record<string, readonly Raised[]>>;
  /** How often an execution is still running when it is looked at. @default - twice */
  readonly looks?: number;
  readonly order?: World["order"];
}

/** The APIs that a pipeline calls, and what happened to them. */
export interface Cloud extends World {
  /** Periods whose execution was started, `transfer` and `waited`, in order. */
  readonly started: string[];
  /** Requests: method and URL. */
  readonly requests: string[];
}

/** Cloud Run with one job, and Storage Transfer Service with one job. */
export function cloud({
  exitCodes = [],
  at = "2026-11-02T11:00:00Z",
  transfer = "SUCCESS",
  busy = 0,
  errors = {},
  looks = 2,
  order,
}: Behavior = {}): Cloud {
  const started: string[] = [];
  const requests: string[] = [];
  const looked = new Map<string, number>();
  const failing = Object.entries(errors).map(([part, all]) => ({ part, left: [...all] }));
  let refusals = busy;
  let executions = 0;
  return {
    now: Date.parse(at) / 1000,
    logs: [],
    started,
    requests,
    order,
    http: (method, url, body): WorkflowValue => {
      requests.push(`${method} ${url}`);
      const error = failing.find(({ part, left }) => url.includes(part) && left.length > 0)?.left.shift();
      if (error !== undefined) throw error;
      if (method === "post" && url.endsWith("/jobs/dev-ingest-trips:run")) {
        started.push(JSON.stringify(body).replace(/.*"args":\["run","--period","([^"]+)"\].*/, "$1"));
        executions += 1;
        return { metadata: { name: `executions/${executions}` } };
      }
      if (method === "post" && url.endsWith("/transferJobs/dev-trips:run")) {
        if (refusals > 0) {
          refusals -= 1;
          throw httpError(400, "it is running already");
        }
        started.push("transfer");
        return { name: "transferOperations/1" };
      }
      if (url.includes("/transferJobs/dev-trips?")) return { latestOperationName: "transferOperations/0" };
      const code = exitCodes[Number(/executions\/(\d+)/.exec(url)?.[1]) - 1] ?? 0;
      if (url.endsWith("/tasks"))
        return { tasks: [code === 0 ? {} : { lastAttemptResult: { exitCode: code } }] };
      const count = (looked.get(url) ?? 0) + 1;
      looked.set(url, count);
      if (count <= looks) return { name: url };
      if (url.includes("transferOperations")) {
        if (url.endsWith("0")) started.push("waited");
        return { done: true, metadata: { status: transfer } };
      }
      return { completionTime: "later", ...(code === 0 ? { succeededCount: 1 } : { failedCount: 1 }) };
    },
  };
}

/** The error that fails an execution. */
export function raisedBy(program: () => unknown): WorkflowValue {
  try {
    program();
  } catch (error) {
    if (error instanceof Raised) return error.value;
    throw error;
  }
  throw new Error("nothing was raised");
}

/** As many errors as given. */
export function times(count: number, error: Raised): Raised[] {
  return Array.from({ length: count }, () => error);
}
