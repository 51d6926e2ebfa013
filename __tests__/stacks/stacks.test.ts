import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import type { Environment } from "../../config/settings/environment";
import { environments, loadEnvironment } from "../fixtures/config";
import { sourcesWithoutDataset } from "../../stacks/transfer-sources";
import { synthesized } from "../../scripts/synthesized";
import { grantableRoles } from "../../stacks/foundation";
import { Names } from "../../stacks/naming";
import { synthError } from "../support/platform";
import { workflowFaults } from "../support/workflows/faults";

const prod = loadEnvironment("prod");
const catalog = loadCatalog();
const source = { bucket: "theirs", prefix: "trips/", file: "{period}.csv", start: "workflow" } as const;
const daily = { cron: "0 6 * * *", timeZone: "America/New_York", periodsBehind: 1 };
const workflowSource = z.record(
  z.string(),
  z.object({ params: z.optional(z.array(z.string())), steps: z.array(z.record(z.string(), z.json())) }),
);
const stacksOf = (environment: Environment) => [...synthesized({ environment, catalog }).keys()];

test("addPlatform adds the stacks that the environment enables", () => {
  expect(stacksOf(prod)).toEqual([
    "prod-database",
    "prod-foundation",
    "prod-ingestion",
    "prod-lake",
    "prod-network",
    "prod-orchestration",
    "prod-transfer",
    "prod-warehouse",
  ]);
  expect(stacksOf({ ...prod, database: undefined, transfer: undefined })).toEqual([
    "prod-foundation",
    "prod-ingestion",
    "prod-lake",
    "prod-network",
    "prod-orchestration",
    "prod-warehouse",
  ]);
});

test.each(environments.map(({ name }) => name))("stacks of %s refer to each other by name only", (name) => {
  for (const [, json] of synthesized({ environment: loadEnvironment(name), catalog })) {
    const parts = Object.keys(json).filter((part) => part !== "removed");
    expect(parts.sort()).toEqual(["//", "provider", "resource", "terraform"]);
  }
});

test("kmsKey encrypts the resources of every stack that can have a key", () => {
  const kmsKey = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
  const encrypted = [...synthesized({ environment: { ...prod, kmsKey }, catalog })]
    .filter(([, json]) => JSON.stringify(json).includes(kmsKey))
    .map(([name]) => name);
  const without = ["prod-network", "prod-transfer"];
  const all = [...synthesized({ environment: prod, catalog }).keys()];
  expect(encrypted).toEqual(all.filter((name) => !without.includes(name)));
});

test("images without a tag are deleted after thirty days, unless the environment only logs that for a while", () => {
  const dryRuns = (environment: Environment) =>
    Object.values(
      synthesized({ environment, catalog }).get("prod-foundation")?.resource
        .google_artifact_registry_repository ?? {},
    ).map((values) => values.cleanup_policy_dry_run);
  expect(dryRuns(prod)).toEqual([false]);
  expect(dryRuns({ ...prod, imageCleanup: "log" })).toEqual([true]);
});

describe("who reads and writes objects", () => {
  const analytics = "group:cloud-storage-analytics@google.com";
  const textOf = (environment: Environment) => JSON.stringify([...synthesized({ environment, catalog })]);

  test.each(environments.map(({ name }) => name))(
    "is in audit logs in %s, without a grant that domain-restricted sharing refuses",
    (name) => {
      const stacks = synthesized({ environment: loadEnvironment(name), catalog });
      const { resource } = stacks.get(`${name}-foundation`) ?? { resource: {} };
      expect(Object.values(resource["google_project_iam_audit_config"] ?? {})).toMatchObject([
        {
          service: "storage.googleapis.com",
          audit_log_config: [{ log_type: "DATA_READ" }, { log_type: "DATA_WRITE" }],
        },
      ]);
      expect(Object.values(resource["google_logging_project_sink"] ?? {})).toHaveLength(1);
      expect(JSON.stringify([...stacks])).not.toMatch(/cloud-storage-analytics|"logging":/);
    },
  );

  test("is also in usage logs if the environment says so", () => {
    const text = textOf({ ...prod, audit: { usageLogs: true } });
    expect(text).toContain(analytics);
    expect(text.match(/"log_bucket"/g)).toHaveLength(4);
  });

  test("is kept for as long as the environment says", () => {
    const expiry = (days: number) => `"age":${days},"matches_prefix":["cloudaudit.googleapis.com/"]`;
    expect(textOf({ ...prod, audit: undefined })).toContain(expiry(90));
    expect(textOf({ ...prod, audit: { retentionDays: 400 } })).toContain(expiry(400));
  });
});

test("no schedule has headers (terraform-provider-google#27173)", () => {
  const schedules = environments.flatMap((environment) =>
    [...synthesized({ environment, catalog }).values()].flatMap(({ resource }) =>
      Object.values(resource["google_cloud_scheduler_job"] ?? {}),
    ),
  );
  expect(schedules.length).toBeGreaterThan(3);
  for (const schedule of schedules) expect(schedule).not.toHaveProperty("http_target.headers");
});

test("grantableRoles are exactly the roles that the stacks grant", () => {
  const grant = z.looseObject({ role: z.string() });
  const given = [...synthesized({ environment: prod, catalog })]
    .filter(([name]) => name !== "prod-foundation")
    .flatMap(([, { resource }]) => Object.values(resource.google_project_iam_member ?? {}))
    .map((values) => grant.parse(values).role);
  expect([...new Set(given)].sort()).toEqual(grantableRoles(prod, catalog, new Names(prod)).sort());
});

test.each(environments.map(({ name }) => name))(
  "foundation of %s creates nothing before its API is enabled",
  (name) => {
    const foundation = synthesized({ environment: loadEnvironment(name), catalog }).get(`${name}-foundation`);
    const resources = new Map<string, string>(
      Object.entries(foundation?.resource ?? {}).flatMap(([type, byId]) =>
        Object.entries(byId).map(([id, values]) => [`${type}.${id}`, JSON.stringify(values)] as const),
      ),
    );
    const waits = (address: string): boolean =>
      address.startsWith("google_project_service.") ||
      [...resources.keys()].some(
        (other) =>
          other !== address && new RegExp(`${other}[".]`).test(resources.get(address) ?? "") && waits(other),
      );
    expect(resources.size).toBeGreaterThan(10);
    expect([...resources.keys()].filter((address) => !waits(address))).toEqual([]);
    const first = "google_project_service.apis_cloudresourcemanager";
    const unordered = [...resources].filter(
      ([, values]) => /"service":/.test(values) && !values.includes(first),
    );
    expect(unordered.map(([address]) => address.slice(0, first.length))).toEqual([first]);
  },
);

test("workflows with the longest possible names stay within the limits of Google Workflows", () => {
  const id = "a".repeat(40);
  const longest = {
    ...prod,
    name: "staging1",
    project: { ...prod.project, id: "p".repeat(30) },
    transfer: prod.transfer && { ...prod.transfer, sources: { [id]: { ...source, prefix: `${id}/` } } },
  };
  const yellow = catalog.get("yellow_tripdata");
  if (yellow?.grain !== "month") throw new Error("no monthly yellow_tripdata");
  const only = new Map([
    [id, { ...yellow, id }],
    ["daily", { ...yellow, id: "daily", grain: "day" as const, firstPeriod: "2019-01-01", schedule: daily }],
  ]);
  const { resource } =
    synthesized({ environment: longest, catalog: only }).get("staging1-orchestration") ?? {};
  const workflow = z.looseObject({ source_contents: z.string() });
  const faults = Object.values(resource?.google_workflows_workflow ?? {}).map((values) => {
    const text = workflow.parse(values).source_contents.replaceAll("$${", "${");
    return workflowFaults(workflowSource.parse(JSON.parse(text)));
  });
  expect(faults).toEqual([[], [], [], []]);
});

test("two failures on two days are two notifications: an incident is closed after half an hour without another", () => {
  const policy = z.looseObject({
    display_name: z.string(),
    alert_strategy: z.object({ auto_close: z.string() }),
    conditions: z.array(z.looseObject({})),
  });
  const policies = Object.values(
    synthesized({ environment: prod, catalog }).get("prod-orchestration")?.resource
      .google_monitoring_alert_policy ?? {},
  ).map((values) => policy.parse(values));
  expect(policies.map((found) => [found.display_name, found.alert_strategy.auto_close]).sort()).toEqual([
    ["prod: an ingestion failed", "1800s"],
    ["prod: an ingestion is missing", "1800s"],
    ["prod: the database was not exported", "1800s"],
  ]);
  // Workflows that exist, by their whole name: a prefix would also select the workflows of another environment.
  const filters = JSON.stringify(policies);
  for (const name of ["prod-export", "prod-ingest", "prod-fresh"])
    expect(filters).toContain(`workflow_id = \\"${name}\\"`);
});

test("state local keeps Terraform state in a file", () => {
  const foundation = synthesized({ environment: prod, catalog, state: "local" }).get("prod-foundation");
  expect(foundation?.terraform).toMatchObject({
    backend: { local: { path: "../../../state/prod-foundation.tfstate" } },
  });
});

test("a source that is named almost like a data set is a fault; one without a data set is a warning", () => {
  const named = (id: string) => ({
    ...prod,
    transfer: prod.transfer && { ...prod.transfer, sources: { [id]: source } },
  });
  expect(synthError({ environment: named("yelow_tripdata") })?.message).toBe(
    "config/prod.ts: 1 fault\n  - transfer.sources.yelow_tripdata: data set does not exist in the catalog; " +
      'did you mean "yellow_tripdata"?',
  );
  expect(synthError({ environment: named("orders") })).toBeUndefined();
  expect(sourcesWithoutDataset(named("orders"), catalog)).toEqual([
    expect.stringMatching(
      /^transfer\.sources\.orders: data set does not exist in the catalog: its files are copied/,
    ),
  ]);
  expect(sourcesWithoutDataset(prod, catalog)).toEqual([]);
});
