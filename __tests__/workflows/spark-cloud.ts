import * as z from "zod/mini";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { revenueMart } from "../../dataset";
import type { RevenueBatch } from "../../workflows/revenue";
import { httpError } from "../support/workflows/errors";
import { type Behavior, type Cloud, cloud, monthly } from "./support";

export const revenueBatch: RevenueBatch = {
  prefix: "dev-revenue-1a2b3c4d",
  lake: "my-lake",
  program: "gs://my-spark/programs/revenue-1a2b3c4d.py",
  account: "dev-spark@my-project.iam.gserviceaccount.com",
  subnet: "projects/my-project/regions/europe-west6/subnetworks/dev-platform-subnet",
  staging: "my-spark",
  maxExecutors: 8,
  timeoutSeconds: 3600,
  labels: { environment: "dev" },
  dataset: "dev_core",
};

/** An object of the lake. */
interface LakeFile {
  readonly name: string;
  readonly generation: string;
}

/** How the simulated Spark service, the lake and BigQuery behave, in addition to the other APIs. */
export interface SparkBehavior extends Behavior {
  /** @default - zones, and a file of each service */
  readonly files?: readonly LakeFile[];
  /** State in which a batch ends, by its number. @default - SUCCEEDED */
  readonly ends?: readonly string[];
  /** Batches that exist already, with their states. @default - none */
  readonly existing?: Readonly<Record<string, string>>;
  /** Changes the lake while the nth batch runs. @default - it does not change */
  readonly during?: (number: number, files: LakeFile[]) => void;
  /** Error of the load job. @default - none */
  readonly loadError?: string;
}

/** What happened, in addition to the other APIs. */
export interface SparkCloud extends Cloud {
  /** Ids of the batches that were created, in order. */
  readonly batches: string[];
  /** Bodies of the requests that created them. */
  readonly bodies: z.infer<typeof batchShape>[];
  /** Source of each load job, in order. */
  readonly loads: string[];
}

/** Requests in the form of the API; unknown fields are refused, as the API does. */
const batchShape = z.strictObject({
  labels: z.record(z.string(), z.string()),
  pysparkBatch: z.strictObject({ mainPythonFileUri: z.string(), args: z.array(z.string()) }),
  runtimeConfig: z.strictObject({
    version: z.literal("2.3"),
    properties: z.record(z.string(), z.string()),
  }),
  environmentConfig: z.strictObject({
    executionConfig: z.strictObject({
      serviceAccount: z.email(),
      subnetworkUri: z.string(),
      stagingBucket: z.string(),
      ttl: z.string().check(z.regex(/^\d+s$/)),
      kmsKey: z.optional(z.string()),
    }),
  }),
});
const loadShape = z.object({
  jobReference: z.object({ projectId: z.literal("my-project"), location: z.literal("europe-west6") }),
  configuration: z.object({
    load: z.object({
      sourceUris: z.tuple([z.string()]),
      sourceFormat: z.literal("PARQUET"),
      writeDisposition: z.literal("WRITE_TRUNCATE"),
      createDisposition: z.literal("CREATE_IF_NEEDED"),
      destinationTable: z.object({ datasetId: z.literal("dev_core"), tableId: z.literal(revenueMart.name) }),
      schema: z.object({ fields: z.array(z.object({ name: z.string(), type: z.string() })) }),
    }),
  }),
});

export const parquet = (dataset: string, period: string, generation: number): LakeFile => ({
  name: `raw/${dataset}/${dataset}_${period}.parquet`,
  generation: String(1_700_000_000_000_000 + generation),
});

/** The APIs that a pipeline with a Spark batch calls. */
export function sparkCloud(behavior: SparkBehavior = {}): SparkCloud {
  const { ends = [], existing = {}, during, loadError, looks = 2 } = behavior;
  const datasets = { trips: monthly, yellow_tripdata: monthly, green_tripdata: monthly, taxi_zones: monthly };
  const others = cloud({ datasets, ...behavior });
  const files = [
    ...(behavior.files ?? [
      parquet("taxi_zones", "once", 1),
      parquet("yellow_tripdata", "2019-01", 2),
      parquet("green_tripdata", "2019-01", 3),
    ]),
  ];
  const [batches, bodies, loads]: [string[], z.infer<typeof batchShape>[], string[]] = [[], [], []];
  const states = new Map(Object.entries(existing));
  const looked = new Map<string, number>();
  const http: Cloud["http"] = (method, url, body, headers): WorkflowValue => {
    const { hostname, pathname, searchParams } = new URL(url);
    const own = ["dataproc.googleapis.com", "bigquery.googleapis.com"].includes(hostname);
    if (!own && pathname !== "/storage/v1/b/my-lake/o") return others.http(method, url, body, headers);
    others.requests.push(`${method} ${url}`);
    if (pathname.endsWith("/o")) return listed(files, searchParams);
    if (hostname.startsWith("bigquery")) {
      if (method === "post") {
        loads.push(loadShape.parse(body).configuration.load.sourceUris[0]);
        return { jobReference: { jobId: `job-${loads.length}` }, status: { state: "PENDING" } };
      }
      const count = (looked.get(pathname) ?? 0) + 1;
      looked.set(pathname, count);
      if (count <= looks) return { status: { state: "RUNNING" } };
      const failed = loadError !== undefined && { errorResult: { message: loadError } };
      return { status: { state: "DONE", ...failed } };
    }
    const place = "/v1/projects/my-project/locations/europe-west6/batches";
    if (method === "post" && pathname === place) {
      const id = searchParams.get("batchId") ?? "";
      if (!/^[a-z0-9-]{4,63}$/.test(id)) throw httpError(400, `invalid batch ID ${id}`);
      if (states.has(id)) throw httpError(409, `batch ${id} already exists`);
      bodies.push(batchShape.parse(body));
      states.set(id, ends[batches.length] ?? "SUCCEEDED");
      batches.push(id);
      during?.(batches.length, files);
      return { name: `projects/my-project/regions/europe-west6/operations/${id}` };
    }
    const id = pathname.slice(place.length + 1);
    const state = states.get(id);
    if (!pathname.startsWith(`${place}/`) || state === undefined) throw httpError(404, `no batch ${id}`);
    const count = (looked.get(id) ?? 0) + 1;
    looked.set(id, count);
    if (count <= looks) return { state: count === 1 ? "PENDING" : "RUNNING" };
    return { state, ...(state === "FAILED" && { stateMessage: "Job failed with message [Error]" }) };
  };
  return { ...others, http, batches, bodies, loads };
}

/** Two objects a page; the API omits the list when there are none. */
function listed(files: readonly LakeFile[], parameters: URLSearchParams): WorkflowValue {
  const prefix = parameters.get("prefix") ?? "";
  const start = Number(parameters.get("pageToken") ?? "");
  const all = files.filter(({ name }) => name.startsWith(prefix));
  const items = all.slice(start, start + 2).map(({ generation }) => ({ generation }));
  return {
    ...(items.length > 0 && { items }),
    ...(start + 2 < all.length && { nextPageToken: String(start + 2) }),
  };
}
