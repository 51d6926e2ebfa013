import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import type { Environment } from "../../config/settings/environment";
import { loadEnvironment } from "../fixtures/config";
import { type DatasetProps, type DatasetSpec, defineDataset, specFromDeployment } from "../../dataset";
import { type StackJson, synthesized } from "../../scripts/synthesized";
import { scheduledTimes } from "../../stacks/deployment";
import { synthError } from "../support/platform";

const dev = loadEnvironment("dev");
const prod = loadEnvironment("prod");
const catalog = loadCatalog();

const dataset = (id: string, more: Partial<DatasetProps> = {}): DatasetSpec =>
  defineDataset({
    id,
    description: "Generated.",
    source: { url: "https://example.com/{period}.csv", format: "csv" },
    grain: "month",
    firstPeriod: "2020-01",
    schedule: { cron: "0 9 2 * *" },
    columns: [{ name: "id", type: "INTEGER", description: "Number." }],
    ...more,
  });
const withSets = (...specs: DatasetSpec[]) => new Map(specs.map((spec) => [spec.id, spec]));
const stacksOf = (environment: Environment, sets: ReadonlyMap<string, DatasetSpec>) =>
  synthesized({ environment, catalog: sets, schemas: {} });

/** Resources of an environment: address and JSON. */
function resourcesOf(stacks: ReadonlyMap<string, StackJson>): Map<string, string> {
  return new Map(
    [...stacks.values()].flatMap(({ resource }) =>
      Object.entries(resource).flatMap(([type, byId]) =>
        Object.entries(byId).map(([id, values]) => [`${type}.${id}`, JSON.stringify(values)] as const),
      ),
    ),
  );
}
const ofType = (stack: StackJson | undefined, type: string) => Object.values(stack?.resource[type] ?? {});

/** Types of the resources that are added, changed, and deleted from one catalog to another. */
function plan(from: ReadonlyMap<string, DatasetSpec>, to: ReadonlyMap<string, DatasetSpec>) {
  const [before, after] = [resourcesOf(stacksOf(dev, from)), resourcesOf(stacksOf(dev, to))];
  const types = (addresses: readonly string[]) => addresses.map((address) => address.split(".")[0]).sort();
  return {
    added: types([...after.keys()].filter((address) => !before.has(address))),
    changed: types(
      [...before].flatMap(([address, json]) =>
        after.has(address) && after.get(address) !== json ? [address] : [],
      ),
    ),
    deleted: types([...before.keys()].filter((address) => !after.has(address))),
  };
}

const scheduleShape = z.looseObject({
  name: z.string(),
  schedule: z.string(),
  time_zone: z.string(),
  description: z.string(),
  http_target: z.looseObject({ uri: z.string(), body: z.string() }),
});
const schedules = (sets: ReadonlyMap<string, DatasetSpec>) =>
  ofType(stacksOf(dev, sets).get("dev-orchestration"), "google_cloud_scheduler_job")
    .map((values) => scheduleShape.parse(values))
    .filter(({ name }) => name !== "dev-fresh");

const objectShape = z.looseObject({ name: z.string(), content: z.string(), bucket: z.string() });
function deployed(environment: Environment, sets: ReadonlyMap<string, DatasetSpec>, id: string) {
  const stack = stacksOf(environment, sets).get(`${environment.name}-ingestion`);
  const objects = ofType(stack, "google_storage_bucket_object").map((values) => objectShape.parse(values));
  const found = objects.find(({ name }) => name === `${id}.json`);
  if (found === undefined) throw new Error(`${id} is not deployed`);
  const text = found.content.replaceAll("$${", "${");
  const { pipeline } = z.object({ pipeline: z.looseObject({}) }).parse(JSON.parse(text));
  return { pipeline, specification: specFromDeployment(text), bucket: found.bucket };
}

test("a data set adds its two tables, its specification and its schedule, and changes nothing else", () => {
  expect(plan(catalog, new Map([...catalog, ["orders", dataset("orders")]]))).toEqual({
    added: [
      "google_bigquery_table",
      "google_bigquery_table",
      "google_cloud_scheduler_job",
      "google_storage_bucket_object",
    ],
    changed: [],
    deleted: [],
  });
});

test("a changed data set changes its specification", () => {
  const changed = dataset("orders", {
    source: { url: "https://example.com/v2/{period}.csv", format: "csv" },
  });
  expect(plan(withSets(dataset("orders")), withSets(changed))).toEqual({
    added: [],
    changed: ["google_storage_bucket_object"],
    deleted: [],
  });
});

test("a data set that is retired loses its schedule, and keeps all that can be read", () => {
  const retired = dataset("orders", { retired: true });
  expect(plan(withSets(dataset("orders")), withSets(retired))).toEqual({
    added: [],
    changed: ["google_storage_bucket_object"],
    deleted: ["google_cloud_scheduler_job"],
  });
  expect(deployed(dev, withSets(retired), "orders").pipeline).toMatchObject({ retired: true });
});

test("each further data set with the time of others adds three resources, so that a thousand need at most 3,100", () => {
  const many = (count: number) =>
    resourcesOf(
      stacksOf(dev, withSets(...Array.from({ length: count }, (_, index) => dataset(`generated_${index}`)))),
    );
  const [few, more] = [many(10), many(20)];
  expect(more.size - few.size).toBe(30);
  expect(few.size + 3 * 990).toBeLessThanOrEqual(3100);
  const count = (type: string) => [...more.keys()].filter((address) => address.startsWith(`${type}.`)).length;
  expect(count("google_cloud_run_v2_job")).toBe(3);
  expect(count("google_workflows_workflow")).toBe(3);
});

test("a thousand data sets that leave the time to the platform have thirty schedules", () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `generated_${index}`);
  expect(scheduledTimes(ids.map((id) => dataset(id, { schedule: { cron: "@monthly" } })))).toHaveLength(30);
});

test("data sets with one time share a schedule, which starts the pipeline for all of them", () => {
  const sets = withSets(
    dataset("orders"),
    dataset("refunds"),
    dataset("visits", { schedule: { cron: "0 6 * * *" } }),
  );
  const [both, one] = schedules(sets).sort((a, b) => a.name.localeCompare(b.name));
  expect(both).toMatchObject({
    name: expect.stringMatching(/^dev-at-0-9-2-x-x-etc-utc-[0-9a-f]{6}$/) as string,
    schedule: "0 9 2 * *",
    description: "Ingests the due period of orders, refunds.",
    http_target: {
      uri: expect.stringMatching(/google_workflows_workflow\.backfill_\w+\.name/) as string,
      body: expect.stringMatching(/datasets\W+orders\W+refunds\W+$/) as string,
    },
  });
  expect(one).toMatchObject({
    name: "dev-ingest-visits",
    schedule: "0 6 * * *",
    http_target: {
      uri: expect.stringMatching(/google_workflows_workflow\.pipeline_\w+\.name/) as string,
      body: expect.stringMatching(/dataset\W+visits\W+$/) as string,
    },
  });
  // Not the same local time.
  const zone = dataset("refunds", { schedule: { cron: "0 9 2 * *", timeZone: "Asia/Tokyo" } });
  expect(schedules(withSets(dataset("orders"), zone))).toHaveLength(2);
});

test("the description of a schedule with very many data sets is as long as Cloud Scheduler accepts", () => {
  const many = withSets(...Array.from({ length: 50 }, (_, index) => dataset(`generated_${index}`)));
  expect(schedules(many).map(({ description }) => description.length)).toEqual([500]);
});

test("@monthly and the like get a time", () => {
  const shorthand = dataset("orders", { schedule: { cron: "@monthly", timeZone: "Europe/Zurich" } });
  expect(schedules(withSets(shorthand))).toMatchObject([
    { name: "dev-ingest-orders", schedule: "34 8 1 * *", time_zone: "Europe/Zurich" },
  ]);
  const { pipeline } = deployed(dev, withSets(shorthand), "orders");
  expect(pipeline).toMatchObject({ latenessSeconds: (8 * 60 + 34) * 60 + 86_400 });
});

test("the job gets the specification of the catalog; where files are transferred, they are read from landing/", () => {
  const yellow = catalog.get("yellow_tripdata");
  const fhv = catalog.get("fhv_tripdata");
  expect(deployed(prod, catalog, "fhv_tripdata").specification).toEqual(fhv);
  expect(deployed(prod, catalog, "yellow_tripdata").specification).toEqual({
    ...yellow,
    source: {
      ...yellow?.source,
      url: "gs://replace-me-prod-prod-lake/landing/yellow_tripdata/yellow_tripdata_{period}.parquet",
    },
  });
  expect(deployed(prod, catalog, "yellow_tripdata").pipeline).toMatchObject({
    transferJob: "prod-yellow-tripdata",
  });
  // Copied when a file arrives, not before an ingestion.
  expect(deployed(prod, catalog, "green_tripdata").pipeline).toMatchObject({ transferJob: null });
  expect(deployed(prod, catalog, "fhv_tripdata").bucket).toBe("replace-me-prod-prod-specifications");
});

test("the name of a transferred file tells its format, and must identify the period", () => {
  const transfer = (file: string) => ({
    ...prod,
    transfer: prod.transfer && {
      ...prod.transfer,
      sources: { orders: { bucket: "theirs", prefix: "x/", file, start: "workflow" as const } },
    },
  });
  const sets = withSets(dataset("orders"));
  expect(deployed(transfer("{period}.csv.gz"), sets, "orders").specification.source).toMatchObject({
    format: "csv",
    compression: "gzip",
  });
  expect(synthError({ environment: transfer("orders.csv"), catalog: sets })?.message).toContain(
    "does not identify the period",
  );
});

test("a size of the environment is two jobs of its own, which its data sets name", () => {
  const large = { cpu: 8, memoryGib: 32, timeoutSeconds: 20_000 };
  const environment = { ...dev, ingestion: { ...dev.ingestion, sizes: { large } } };
  const sets = withSets(dataset("orders"), dataset("visits", { size: "large" }));
  const ingestion = stacksOf(environment, sets).get("dev-ingestion");
  const jobs = ofType(ingestion, "google_cloud_run_v2_job");
  // Two of each size, and the transform job.
  expect(jobs).toHaveLength(5);
  expect(jobs).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: "dev-backfill-large",
        template: expect.objectContaining({
          parallelism: 3,
          task_count: 3,
          template: expect.objectContaining({ timeout: "20000s" }) as unknown,
        }) as unknown,
      }),
    ]),
  );
  expect(deployed(environment, sets, "visits").pipeline).toMatchObject({
    job: "dev-ingest-large",
    backfillJob: "dev-backfill-large",
  });
  expect(deployed(environment, sets, "orders").pipeline).toMatchObject({ job: "dev-ingest" });
  expect(synthError({ environment: dev, catalog: sets, schemas: {} })?.message).toBe(
    'data set visits: 1 fault\n  - size: "large" does not exist in ingestion.sizes of config/dev.ts; available sizes: none',
  );
});

test("the account of the job may only read specifications; the deployer writes them, and a plan reads them", () => {
  const bucket = "replace-me-prod-prod-specifications";
  const grant = z.looseObject({ bucket: z.string(), role: z.string(), member: z.string() });
  const grants = [...stacksOf(prod, catalog)].flatMap(([name, stack]) =>
    ofType(stack, "google_storage_bucket_iam_member")
      .map((values) => grant.parse(values))
      .filter((found) => found.bucket === bucket || found.bucket.includes("specifications"))
      .map(({ role, member }) => `${name} ${role} ${/prod-[\w-]+(?=@)/.exec(member)?.[0] ?? member}`),
  );
  expect(grants.sort()).toEqual([
    "prod-ingestion roles/storage.objectViewer prod-ingest",
    "prod-lake roles/storage.objectUser prod-ci-deploy",
    "prod-lake roles/storage.objectViewer prod-ci-plan",
    "prod-orchestration roles/storage.objectViewer prod-workflow",
  ]);
});

test("a specification of a thousand columns is deployed: nothing bounds it but the plan", () => {
  const columns = Array.from({ length: 1000 }, (_, index) => ({
    name: `column_${index}`,
    type: "STRING" as const,
    description: "One of very many columns of this data set.",
  }));
  expect(deployed(dev, withSets(dataset("wide", { columns })), "wide").specification.columns).toHaveLength(
    1000,
  );
});
