import * as z from "zod/mini";
import {
  type Deployment,
  defineDataset,
  deploymentToJson,
  type PipelineFacts,
  successTemplate,
  type TransformJob,
} from "../../dataset";
import type { WorkflowValue } from "../../constructs/workflow-source";
import type { WorkflowPipeline } from "../../workflows/pipeline";
import { httpError, Raised } from "../support/workflows/errors";
import type { World } from "../support/workflows/run";
import { isMap } from "../support/workflows/values";

export const pipeline: WorkflowPipeline = {
  project: "my-project",
  location: "europe-west6",
  specifications: "my-specifications",
  parallelPeriods: 3,
};

export const transformJob: TransformJob = { job: "dev-transform", artifacts: "my-lake" };

/** A monthly data set of which the period that is due is that of three months ago. */
export const monthly: PipelineFacts = {
  grain: "month",
  first: "2019-01",
  last: null,
  behind: 3,
  timeZone: "America/New_York",
  job: "dev-ingest",
  backfillJob: "dev-backfill",
  transferJob: null,
  latenessSeconds: 2 * 86_400,
  marker: successTemplate("trips", "month"),
  retired: false,
};
export const daily: PipelineFacts = {
  ...monthly,
  grain: "day",
  first: "2019-01-01",
  last: "2026-12-31",
  behind: 1,
  marker: successTemplate("trips", "day"),
};
export const whole: PipelineFacts = {
  ...monthly,
  grain: "once",
  first: null,
  latenessSeconds: null,
  marker: successTemplate("trips", "once"),
};
export const copied: PipelineFacts = { ...monthly, transferJob: "dev-trips" };

/** How the simulated APIs behave. */
export interface Behavior {
  /** What the bucket of specifications has, by data set. @default - the monthly data set trips */
  readonly datasets?: Readonly<Record<string, PipelineFacts>>;
  /** Exit codes of a period's tasks, in the order of its attempts; then 0. `null`: the task is never created. */
  readonly exitCodes?: Readonly<Record<string, readonly (number | null)[]>>;
  /** When the workflow starts. @default - 2026-11-02T11:00:00Z */
  readonly at?: string;
  /** How a run of the transfer job ends. @default - SUCCESS */
  readonly transfer?: "SUCCESS" | "FAILED";
  /** How often a start of the transfer job is rejected because it is running. @default - never */
  readonly busy?: number;
  /** Exit code of the transform job. @default 0 */
  readonly transformed?: number;
  /** What the transform job writes about its failure. @default - nothing */
  readonly summary?: WorkflowValue;
  /** Errors of requests, by a part of the URL, each once and in turn. */
  readonly errors?: Readonly<Record<string, readonly Raised[]>>;
  /** How often an execution is still running when it is looked at. @default - twice */
  readonly looks?: number;
  readonly order?: World["order"];
}

/** An execution of a Cloud Run job. */
export interface Execution {
  readonly job: string;
  readonly tasks: number;
  readonly arguments: readonly string[];
  /** Labels of the periods that its tasks ingest, by the index of the task. */
  readonly periods: readonly string[];
}

/** The APIs that a pipeline calls, and what happened to them. */
export interface Cloud extends World {
  /** Executions, in order. */
  readonly executions: Execution[];
  /** `transfer`, `waited`, and the names of jobs, in order. */
  readonly started: string[];
  /** Requests: method and URL. */
  readonly requests: string[];
}

/** Number of tasks that each job runs in parallel. */
const parallelism: Readonly<Record<string, number>> = { "dev-ingest": 1, "dev-backfill": 3 };

/** Cloud Storage with specifications, Cloud Run with two jobs, and Storage Transfer Service with one job. */
export function cloud({
  datasets = { trips: monthly },
  exitCodes = {},
  at = "2026-11-02T11:00:00Z",
  transfer = "SUCCESS",
  busy = 0,
  transformed = 0,
  summary,
  errors = {},
  looks = 2,
  order,
}: Behavior = {}): Cloud {
  const started: string[] = [];
  const requests: string[] = [];
  const executions: (Execution & { readonly codes: readonly (number | null)[] })[] = [];
  const attempts = new Map<string, number>();
  const looked = new Map<string, number>();
  const failing = Object.entries(errors).map(([part, all]) => ({ part, left: [...all] }));
  let refusals = busy;
  return {
    now: Date.parse(at) / 1000,
    logs: [],
    executions,
    started,
    requests,
    order,
    http: (method, url, body, headers): WorkflowValue => {
      requests.push(`${method} ${url}`);
      const error = failing.find(({ part, left }) => url.includes(part) && left.length > 0)?.left.shift();
      if (error !== undefined) throw error;
      const object = /\/b\/my-specifications\/o\/(.+)\.json\?alt=media$/.exec(url)?.[1];
      if (object !== undefined) return media(datasets[decodeURIComponent(object)], object, headers);
      if (url.includes("/b/my-lake/o/transforms%2Fruns%2F")) {
        if (summary === undefined) throw httpError(404, "no such object");
        return summary;
      }
      const job = /\/jobs\/([\w-]+):run$/.exec(url)?.[1];
      if (job !== undefined) {
        const execution = executionOf(job, body);
        if (job === transformJob.job) {
          executions.push({ ...execution, codes: [transformed] });
          started.push(job);
          return { metadata: { name: `executions/${executions.length}` } };
        }
        const codes = execution.periods.map((period) => {
          const attempt = attempts.get(period) ?? 0;
          attempts.set(period, attempt + 1);
          const of = exitCodes[period] ?? [];
          return attempt < of.length ? (of[attempt] ?? null) : 0;
        });
        executions.push({ ...execution, codes });
        started.push(job);
        return { metadata: { name: `executions/${executions.length}` } };
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
      const execution = executions[Number(/executions\/(\d+)/.exec(url)?.[1]) - 1];
      if (url.includes("/tasks?") && execution !== undefined)
        return page(url, execution.codes, execution.tasks);
      const count = (looked.get(url) ?? 0) + 1;
      looked.set(url, count);
      if (count <= looks) return { name: url };
      if (url.includes("transferOperations")) {
        if (url.endsWith("0")) started.push("waited");
        return { done: true, metadata: { status: transfer } };
      }
      if (execution === undefined) throw new Error(`unexpected ${method} ${url}`);
      const failed = execution.codes.filter((code) => code !== 0).length;
      return {
        completionTime: "later",
        // The API omits a number that is 0.
        ...(execution.tasks > failed && { succeededCount: execution.tasks - failed }),
        ...(failed > 0 && { failedCount: failed }),
      };
    },
  };
}

/** The content of an object, of which Cloud Storage returns the range of bytes that was asked for. */
function media(
  facts: PipelineFacts | undefined,
  id: string,
  headers: WorkflowValue | undefined,
): WorkflowValue {
  if (facts === undefined) throw httpError(404, `no such object: my-specifications/${id}.json`);
  const asked = isMap(headers) ? headers.Range : undefined;
  const range = typeof asked === "string" ? /^bytes=0-(\d+)$/.exec(asked)?.[1] : undefined;
  const end = range === undefined ? undefined : Number(range) + 1;
  return Buffer.from(deploymentToJson(deployment(id, facts)))
    .subarray(0, end)
    .toString();
}

function deployment(id: string, pipelineFacts: PipelineFacts): Deployment {
  return { pipeline: pipelineFacts, specification: { ...wide, id } };
}

/** Far longer than what a workflow reads. */
const wide = defineDataset({
  id: "wide",
  description: "Trips.",
  source: { url: "https://example.com/trips.csv", format: "csv" },
  grain: "once",
  columns: Array.from({ length: 500 }, (_, index) => ({
    name: `column_${index}`,
    type: "STRING",
    description: "One of very many.",
  })),
});

const runRequest = z.object({
  overrides: z.object({
    taskCount: z.number(),
    containerOverrides: z.tuple([z.object({ args: z.array(z.string()) })]),
  }),
});

/** What Cloud Run makes of a request. It refuses fewer tasks than the job runs in parallel. */
function executionOf(job: string, body: WorkflowValue | undefined): Execution {
  const { overrides } = runRequest.parse(body);
  const tasks = overrides.taskCount;
  if (tasks < (parallelism[job] ?? 1))
    throw httpError(400, "parallelism must be less than or equal to task_count");
  const [{ args }] = overrides.containerOverrides;
  const option = (name: string) => args[args.indexOf(name) + 1] ?? "";
  if (job === transformJob.job) return { job, tasks, arguments: args, periods: [] };
  const periods = args.includes("--period")
    ? option("--period").split(",")
    : labelsBetween(option("--from"), option("--to"));
  return { job, tasks, arguments: args, periods };
}

function labelsBetween(from: string, to: string): string[] {
  const labels: string[] = [];
  const day = new Date(`${from.padEnd(10, "-01")}T00:00:00Z`);
  for (;;) {
    const label = day.toISOString().slice(0, from.length);
    if (label > to) return labels;
    labels.push(label);
    if (from.length === 7) day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCDate(day.getUTCDate() + 1);
  }
}

/** A page of tasks, in an order that is not that of their indexes. Numbers that are 0 are omitted. */
function page(url: string, codes: readonly (number | null)[], tasks: number): WorkflowValue {
  const { searchParams } = new URL(url, "https://run.googleapis.com");
  const size = Number(searchParams.get("pageSize"));
  const start = Number(searchParams.get("pageToken") || 0);
  const all: WorkflowValue[] = Array.from({ length: tasks }, (_, index) => ({
    index,
    code: index < codes.length ? codes[index] : 0,
  }))
    .reverse()
    .filter(({ code }) => code !== null)
    .map(({ index, code = 0 }) => ({
      ...(index > 0 && { index }),
      // A task that was stopped has a status without an exit code.
      lastAttemptResult: attemptResult(code ?? 0),
    }));
  return {
    tasks: all.slice(start, start + size),
    ...(start + size < all.length && { nextPageToken: String(start + size) }),
  };
}

function attemptResult(code: number): WorkflowValue {
  if (code === -1) return { status: { code: 13 } };
  return code === 0 ? {} : { exitCode: code };
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
