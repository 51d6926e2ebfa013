import { datasetPrefix, martPrefix, revenueMart, revenueSources } from "../dataset";
import type { Step, Subworkflow, WorkflowValue } from "../constructs/workflow-source";
import { apiCall, goIf, lookUntil } from "./steps";

/** The batch that computes the revenue mart with Spark, and the table that it is loaded into. */
export interface RevenueBatch {
  /** First part of the ids of batches, at most 33 characters: `dev-revenue-1a2b3c4d`. It changes with the program. */
  readonly prefix: string;
  /** Name of the lake's bucket. */
  readonly lake: string;
  /** Address of the program: `gs://my-spark/programs/revenue-1a2b3c4d.py`. */
  readonly program: string;
  /** Email address of the account that the batch runs as. */
  readonly account: string;
  /** `projects/<project>/regions/<region>/subnetworks/<name>` */
  readonly subnet: string;
  /** Name of the bucket for the files and the output of batches. */
  readonly staging: string;
  /** Full name of the key that encrypts them. @default - Google-managed keys */
  readonly kmsKey?: string;
  /** Executors that a batch has at most, of four CPUs each. */
  readonly maxExecutors: number;
  /** Seconds after which a batch is stopped. */
  readonly timeoutSeconds: number;
  /** Labels of the batches, by which their cost is shown. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the dataset of the table. */
  readonly dataset: string;
}

/** Where batches and queries run. */
interface Place {
  readonly project: string;
  readonly location: string;
}

/** The runtime with Spark 3.5, Java 17 and Python 3.11. https://cloud.google.com/dataproc-serverless/docs/concepts/versions/spark-runtime-versions */
const runtime = "2.3";

/** Batches with one content: after a failed one, the next has another number. */
const maxAttempts = 10;

/** Batches of one pipeline while other pipelines change the lake. */
const maxRounds = 5;

/** Computes the mart after data sets that it depends on, unless nothing was ingested, and keeps the failure. */
export function revenueSteps(): readonly Step[] {
  const sources = JSON.stringify([...revenueSources.trips, revenueSources.zones]);
  return [
    { not_concerned: goIf(`succeeded == 0 or not(dataset in ${sources})`, "summarize") },
    {
      compute_revenue: {
        try: { call: "revenue", result: "revenue" },
        except: {
          as: "failure",
          steps: [
            {
              note_revenue: {
                assign: [
                  { stopped: true },
                  { reason: '${default(reason, default(map.get(failure, "message"), "the batch failed"))}' },
                  { failures: "${list.concat(failures, failure)}" },
                ],
              },
            },
          ],
        },
      },
    },
  ];
}

/** The subworkflows that compute the mart, by name. */
export function revenueSubworkflows(
  batch: RevenueBatch,
  place: Place,
): Readonly<Record<"batch" | "content" | "load_revenue" | "revenue", Subworkflow>> {
  return {
    revenue: revenueSubworkflow(batch),
    content: contentSubworkflow(batch),
    batch: batchSubworkflow(batch, place),
    load_revenue: loadSubworkflow(batch, place),
  };
}

/**
 * Computes the mart of what the lake has, and loads it. The id of a batch is made of the content of the lake, so that
 * pipelines that find the same share a batch. If the lake has changed meanwhile, another batch follows: an older result
 * never replaces a newer one.
 *
 * It returns null if there are no trips or no zones yet.
 */
function revenueSubworkflow({ prefix }: RevenueBatch): Subworkflow {
  return {
    steps: [
      { begin: { assign: [{ rounds: 0 }] } },
      { see: { call: "content", result: "content" } },
      { any: goIf("content != null", "compute") },
      { nothing: { return: null } },
      { compute: { call: "batch", args: { id: `\${"${prefix}-" + content}` }, result: "computed" } },
      { see_again: { call: "content", result: "latest" } },
      { unchanged: goIf("latest == content", "load") },
      { count_rounds: { assign: [{ rounds: "${rounds + 1}" }] } },
      { once_more: goIf(`rounds < ${maxRounds}`, "see") },
      {
        restless: {
          raise: {
            message: `the lake has changed during each of ${maxRounds} batches: run the pipeline again`,
            batch: "${computed.name}",
          },
        },
      },
      { load: { call: "load_revenue", args: { folder: "${computed.output}" } } },
      { finish: { return: { batch: "${computed.name}", logs: "${computed.logs}" } } },
    ],
  };
}

/**
 * A text that changes when a file of the sources does: the number of files, and the sum of their generations. Each write
 * of an object gives it a new one. Null without trips or zones.
 *
 * @see https://cloud.google.com/storage/docs/metadata#generation-number
 */
function contentSubworkflow({ lake }: RevenueBatch): Subworkflow {
  const objects = `https://storage.googleapis.com/storage/v1/b/${lake}/o`;
  const zones = datasetPrefix("raw", revenueSources.zones);
  const prefixes = [zones, ...revenueSources.trips.map((dataset) => datasetPrefix("raw", dataset))];
  return {
    steps: [
      { begin: { assign: [{ count: 0 }, { zones: 0 }, { sum: 0 }] } },
      {
        each_source: {
          for: {
            value: "prefix",
            in: prefixes,
            steps: [
              { first_page: { assign: [{ page: "" }] } },
              {
                list: apiCall(
                  "get",
                  `\${"${objects}?maxResults=500&fields=nextPageToken,items(generation)&prefix=" + text.url_encode(prefix) + "&pageToken=" + text.url_encode(page)}`,
                  "found",
                ),
              },
              { items: { assign: [{ files: '${default(map.get(found.body, "items"), [])}' }] } },
              {
                each_file: {
                  for: {
                    value: "file",
                    in: "${files}",
                    // Below 10^15, so that the sum of two is an integer in any arithmetic.
                    steps: [{ add: { assign: [{ sum: `\${(sum + int(file.generation)) % ${10 ** 15}}` }] } }],
                  },
                },
              },
              { add_files: { assign: [{ count: "${count + len(files)}" }] } },
              { next_page: { assign: [{ page: '${default(map.get(found.body, "nextPageToken"), "")}' }] } },
              { another_page: goIf('page != ""', "list") },
              {
                of_zones: {
                  switch: [
                    {
                      condition: `\${prefix == "${zones}"}`,
                      steps: [{ count_zones: { assign: [{ zones: "${count}" }] } }],
                    },
                  ],
                },
              },
            ],
          },
        },
      },
      { complete: goIf("zones > 0 and count > zones", "finish") },
      { incomplete: { return: null } },
      { finish: { return: '${string(count) + "-" + string(sum)}' } },
    ],
  };
}

/**
 * Starts the batch with this id, or follows the one that has it already, and waits until it ends. If that one has failed
 * for another pipeline, it starts another.
 */
function batchSubworkflow(batch: RevenueBatch, { project, location }: Place): Subworkflow {
  const { lake } = batch;
  const batches = `https://dataproc.googleapis.com/v1/projects/${project}/locations/${location}/batches`;
  const consolePage = `https://console.cloud.google.com/dataproc/batches/${location}/`;
  const folder = `gs://${lake}/${martPrefix(revenueMart.name)}`;
  return {
    params: ["id"],
    steps: [
      { begin: { assign: [{ attempt: 1 }] } },
      {
        identify: {
          assign: [
            { name: '${id + "-" + string(attempt)}' },
            { output: `\${"${folder}" + name}` },
            { logs: `\${"${consolePage}" + name + "/monitoring?project=${project}"}` },
            { ours: true },
          ],
        },
      },
      {
        start: {
          ...apiCall("post", `\${"${batches}?batchId=" + name}`, "started", { body: bodyOf(batch) }),
          except: {
            as: "failure",
            steps: [
              { exists: goIf('default(map.get(failure, "code"), 0) == 409', "follow") },
              { not_started: { raise: "${failure}" } },
              { follow: { assign: [{ ours: false }] } },
            ],
          },
        },
      },
      ...lookUntil('seen.body.state in ["SUCCEEDED", "FAILED", "CANCELLED"]', `\${"${batches}/" + name}`, {
        first: 30,
        longest: 60,
      }),
      { succeeded: goIf('seen.body.state == "SUCCEEDED"', "finish") },
      { of_another: goIf(`not(ours) and attempt < ${maxAttempts}`, "next_attempt") },
      { why: { assign: [{ said: '${default(map.get(seen.body, "stateMessage"), "")}' }] } },
      {
        fail: {
          raise: {
            message: '${"Spark batch " + name + " ended with state " + seen.body.state + ": see " + logs}',
            batch: "${name}",
            error: "${text.substring(said, 0, math.min(len(said), 500))}",
          },
        },
      },
      { next_attempt: { assign: [{ attempt: "${attempt + 1}" }], next: "identify" } },
      { finish: { return: { name: "${name}", output: "${output}", logs: "${logs}" } } },
    ],
  };
}

/** https://cloud.google.com/dataproc-serverless/docs/reference/rest/v1/projects.locations.batches#Batch */
function bodyOf({
  lake,
  program,
  account,
  subnet,
  staging,
  kmsKey,
  maxExecutors,
  timeoutSeconds,
  labels,
}: RevenueBatch): WorkflowValue {
  return {
    labels,
    pysparkBatch: {
      mainPythonFileUri: program,
      args: ["--lake", `gs://${lake}`, "--output", "${output}"],
    },
    runtimeConfig: {
      version: runtime,
      properties: { "spark.dynamicAllocation.maxExecutors": String(maxExecutors) },
    },
    environmentConfig: {
      executionConfig: {
        serviceAccount: account,
        subnetworkUri: subnet,
        stagingBucket: staging,
        ttl: `${timeoutSeconds}s`,
        ...(kmsKey !== undefined && { kmsKey }),
      },
    },
  };
}

/** Replaces the table with the rows of a folder, in one step, and waits until that is done. */
function loadSubworkflow({ dataset, labels }: RevenueBatch, { project, location }: Place): Subworkflow {
  const jobs = `https://bigquery.googleapis.com/bigquery/v2/projects/${project}/jobs`;
  return {
    params: ["folder"],
    steps: [
      {
        start: apiCall("post", jobs, "started", {
          body: {
            jobReference: { projectId: project, location },
            configuration: {
              labels,
              load: {
                sourceUris: ['${folder + "/*.parquet"}'],
                sourceFormat: "PARQUET",
                destinationTable: { projectId: project, datasetId: dataset, tableId: revenueMart.name },
                schema: { fields: revenueMart.columns },
                createDisposition: "CREATE_IF_NEEDED",
                writeDisposition: "WRITE_TRUNCATE",
              },
            },
          },
        }),
      },
      ...lookUntil(
        'seen.body.status.state == "DONE"',
        `\${"${jobs}/" + started.body.jobReference.jobId + "?location=${location}"}`,
        { first: 5, longest: 30 },
      ),
      { succeeded: goIf('not("errorResult" in seen.body.status)', "finish") },
      {
        fail: {
          raise: {
            message: `\${"${dataset}.${revenueMart.name} was not loaded: " + seen.body.status.errorResult.message}`,
            job: "${started.body.jobReference.jobId}",
          },
        },
      },
      { finish: { return: "${started.body.jobReference.jobId}" } },
    ],
  };
}
