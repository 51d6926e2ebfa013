import { pipelineDefinition } from "../../workflows/pipeline";
import { httpError } from "../support/workflows/errors";
import { workflowFaults } from "../support/workflows/faults";
import { run } from "../support/workflows/run";
import { parquet, revenueBatch, type SparkBehavior, sparkCloud } from "./spark-cloud";
import { pipeline, raisedBy, transformJob } from "./support";

const program = pipelineDefinition({ ...pipeline, revenue: revenueBatch });
const months = { dataset: "yellow_tripdata", from: "2019-01", to: "2019-03" };
/** Three files, and the sum of their generations without the digits from 10^15 on. */
const first = "dev-revenue-1a2b3c4d-3-100000000000006-1";
const folder = "gs://my-lake/marts/spark_monthly_zone_revenue/";

function computed(behavior: SparkBehavior = {}, args: Readonly<Record<string, string>> = months) {
  const world = sparkCloud(behavior);
  return { result: run(program, args, world), ...world };
}

test("a deployment accepts the pipeline with a Spark batch, and with one and a transform job", () => {
  expect(workflowFaults(program)).toEqual([]);
  expect(
    workflowFaults(pipelineDefinition({ ...pipeline, transform: transformJob, revenue: revenueBatch })),
  ).toEqual([]);
});

test("after trips are ingested, a batch computes the revenue, and its output replaces the table", () => {
  const { result, batches, bodies, loads } = computed();
  expect(batches).toEqual([first]);
  expect(bodies).toMatchObject([
    {
      pysparkBatch: {
        mainPythonFileUri: "gs://my-spark/programs/revenue-1a2b3c4d.py",
        args: ["--lake", "gs://my-lake", "--output", folder + first],
      },
      environmentConfig: { executionConfig: { ttl: "3600s", stagingBucket: "my-spark" } },
    },
  ]);
  expect(loads).toEqual([`${folder}${first}/*.parquet`]);
  expect(result).toMatchObject({
    succeeded: 3,
    revenue: {
      batch: first,
      logs: `https://console.cloud.google.com/dataproc/batches/europe-west6/${first}/monitoring?project=my-project`,
    },
  });
});

test("with a key, the service encrypts with it what it stages", () => {
  const kmsKey = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
  const world = sparkCloud();
  run(pipelineDefinition({ ...pipeline, revenue: { ...revenueBatch, kmsKey } }), months, world);
  expect(world.bodies).toMatchObject([{ environmentConfig: { executionConfig: { kmsKey } } }]);
});

test("the transform comes first, and its failure does not keep the batch from running", () => {
  const both = pipelineDefinition({ ...pipeline, transform: transformJob, revenue: revenueBatch });
  const world = sparkCloud({ transformed: 1 });
  expect(raisedBy(() => run(both, months, world))).toMatchObject({
    message: "yellow_tripdata: transform of yellow_tripdata: see the log of the execution",
    result: { succeeded: 3, revenue: { batch: first } },
  });
  expect(world.loads).toHaveLength(1);
});

test.each([
  ["another data set", {}, { ...months, dataset: "trips" }],
  ["there are no zones yet", { files: [parquet("yellow_tripdata", "2019-01", 1)] }, months],
  ["there are no trips yet", { files: [parquet("taxi_zones", "once", 1)] }, months],
])("no batch: %s", (_, behavior: SparkBehavior, args) => {
  const { result, batches, loads } = computed(behavior, args);
  expect([result, batches, loads]).toMatchObject([{ succeeded: 3, revenue: null }, [], []]);
});

test("no batch when nothing was ingested", () => {
  const world = sparkCloud({ exitCodes: { "2019-01": [3] } });
  expect(raisedBy(() => run(program, { ...months, to: "2019-01" }, world))).toMatchObject({
    result: { succeeded: 0, revenue: null },
  });
  expect(world.batches).toEqual([]);
});

test("another file, or another version of a file, is another batch; the same files are the same batch", () => {
  const files = [
    parquet("taxi_zones", "once", 1),
    ...["01", "02", "03", "04", "05"].map((month, index) =>
      parquet("yellow_tripdata", `2019-${month}`, index + 2),
    ),
  ];
  const id = (changed: readonly (typeof files)[number][]) => computed({ files: changed }).batches[0];
  const republished = [...files.slice(0, -1), parquet("yellow_tripdata", "2019-05", 99)];
  const ids = [id(files), id(files.slice(0, -1)), id(republished)];
  expect(new Set(ids).size).toBe(3);
  expect(id([...files].reverse())).toBe(ids[0]);
});

test.each(["SUCCEEDED", "RUNNING"])("409: the batch with this content, which is %s, is followed", (state) => {
  const existing = { [first]: "SUCCEEDED" };
  const { result, batches, loads } = computed({ existing, looks: state === "RUNNING" ? 5 : 0 });
  expect(batches).toEqual([]);
  expect(loads).toEqual([`${folder}${first}/*.parquet`]);
  expect(result).toMatchObject({ revenue: { batch: first } });
});

test("a batch that failed for another pipeline is tried again under the next number", () => {
  const existing = { [first]: "FAILED", [first.replace(/1$/, "2")]: "CANCELLED" };
  const { result, batches } = computed({ existing });
  expect(batches).toEqual([first.replace(/1$/, "3")]);
  expect(result).toMatchObject({ revenue: { batch: batches[0] } });
});

test("a batch that fails: the pipeline fails with the address of its log, and nothing is loaded", () => {
  const world = sparkCloud({ ends: ["FAILED"] });
  expect(raisedBy(() => run(program, months, world))).toMatchObject({
    message: expect.stringMatching(
      /^yellow_tripdata: Spark batch dev-revenue-\S+ ended with state FAILED: see https:\/\/console/,
    ) as unknown,
    result: {
      succeeded: 3,
      revenue: null,
      failures: [{ batch: first, error: "Job failed with message [Error]" }],
    },
  });
  expect([world.batches.length, world.loads]).toEqual([1, []]);
});

test("the answer to the start of a batch is lost: it is started once, and followed", () => {
  // The service has the batch, but the workflow got an error that is retried.
  const world = sparkCloud();
  let lost = 1;
  const http: typeof world.http = (method, url, body, headers) => {
    const answer = world.http(method, url, body, headers);
    if (method === "post" && url.includes("/batches?") && lost-- > 0) throw httpError(503, "unavailable");
    return answer;
  };
  expect(run(program, months, { ...world, http })).toMatchObject({ revenue: { batch: first } });
  expect(world.batches).toEqual([first]);
});

test("the lake changes while a batch runs: its result is not loaded, and another batch follows", () => {
  const { batches, loads } = computed({
    during: (number, files) => {
      if (number === 1) files.push(parquet("green_tripdata", "2019-02", 4));
    },
  });
  expect(batches).toHaveLength(2);
  expect(loads).toEqual([`${folder}${batches[1] ?? ""}/*.parquet`]);
});

test("a lake that does not come to rest fails the pipeline after five batches", () => {
  const world = sparkCloud({
    during: (number, files) => files.push(parquet("green_tripdata", `2020-0${number}`, number + 10)),
  });
  expect(raisedBy(() => run(program, months, world))).toMatchObject({
    message: "yellow_tripdata: the lake has changed during each of 5 batches: run the pipeline again",
  });
  expect([world.batches.length, world.loads]).toEqual([5, []]);
});

test("a load that fails names the table and says why", () => {
  expect(raisedBy(() => run(program, months, sparkCloud({ loadError: "Not found: URI" })))).toMatchObject({
    message: "yellow_tripdata: dev_core.spark_monthly_zone_revenue was not loaded: Not found: URI",
  });
});

test("without the permission to start batches, the pipeline says so", () => {
  const world = sparkCloud();
  const http: typeof world.http = (method, url, body, headers) => {
    if (url.includes("/batches?")) throw httpError(403, "Permission 'dataproc.batches.create' denied");
    return world.http(method, url, body, headers);
  };
  expect(raisedBy(() => run(program, months, { ...world, http }))).toMatchObject({
    message: expect.stringContaining("yellow_tripdata: ") as unknown,
    result: { succeeded: 3, failures: [{ code: 403 }] },
  });
});
