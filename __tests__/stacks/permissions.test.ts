import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import type { Environment } from "../../config/settings/environment";
import { environments, loadEnvironment } from "../fixtures/config";
import { unfolded, withoutNotes } from "../../scripts/golden/render";
import { withComposer } from "../../scripts/with-composer";
import { withStreaming } from "../../scripts/with-streaming";
import { synthesized } from "../../scripts/synthesized";
import { lakePrefixes } from "../../dataset";
import { stackNames } from "../../stacks";

const catalog = loadCatalog();
const prod = loadEnvironment("prod");
const unprotected: Environment = { ...prod, protectData: false };

const grant = z.looseObject({
  role: z.string(),
  member: z.optional(z.string()),
  condition: z.optional(z.looseObject({ expression: z.string() })),
});
const role = z.looseObject({ role_id: z.string(), permissions: z.array(z.string()) });
const backend = z.looseObject({
  terraform: z.looseObject({ backend: z.looseObject({ gcs: z.object({ prefix: z.string() }) }) }),
});

const known = new Map<Environment, ReturnType<typeof synthesized>>();

/** The stacks of an environment, synthesized once. */
function stacksOf(environment: Environment) {
  const stacks = known.get(environment) ?? synthesized({ environment, catalog });
  known.set(environment, stacks);
  return stacks;
}

function resourcesOf(environment: Environment, type: RegExp, stack = /./) {
  return [...stacksOf(environment)]
    .filter(([name]) => stack.test(name))
    .flatMap(([name, { resource }]) =>
      Object.entries(resource)
        .filter(([key]) => type.test(key))
        .flatMap(([key, byId]) =>
          Object.entries(byId).map(([id, values]) => ({
            stack: name,
            address: `${key}.${id}`,
            type: key,
            values: withoutNotes(unfolded(values)),
          })),
        ),
    );
}

function permissionsOf(environment: Environment, id: string): string[] {
  const roles = resourcesOf(environment, /^google_project_iam_custom_role$/).map(({ values }) =>
    role.parse(values),
  );
  return roles
    .filter(({ role_id: name }) => new RegExp(`^${id}$`).test(name))
    .flatMap(({ permissions }) => permissions);
}

/** The permission with which a refresh reads a type. */
const reading: Readonly<Record<string, string>> = {
  google_bigquery_connection: "bigquery.connections.get",
  google_bigquery_dataset: "bigquery.datasets.get",
  google_bigquery_dataset_iam_member: "bigquery.datasets.getIamPolicy",
  google_bigquery_table: "bigquery.tables.get",
  google_cloud_run_v2_job: "run.jobs.get",
  google_cloud_run_v2_job_iam_member: "run.jobs.getIamPolicy",
  google_cloud_scheduler_job: "cloudscheduler.jobs.get",
  google_compute_firewall: "compute.firewalls.get",
  google_compute_global_address: "compute.globalAddresses.get",
  google_compute_network: "compute.networks.get",
  google_compute_network_peering_routes_config: "compute.networks.get",
  google_compute_subnetwork: "compute.subnetworks.get",
  google_monitoring_alert_policy: "monitoring.alertPolicies.get",
  google_monitoring_notification_channel: "monitoring.notificationChannels.get",
  google_project_iam_member: "resourcemanager.projects.getIamPolicy",
  google_service_networking_connection: "servicenetworking.services.get",
  google_sql_database: "cloudsql.databases.get",
  google_sql_database_instance: "cloudsql.instances.get",
  google_sql_user: "cloudsql.users.list",
  google_storage_bucket: "storage.buckets.get",
  google_storage_bucket_iam_binding: "storage.buckets.getIamPolicy",
  google_storage_bucket_iam_member: "storage.buckets.getIamPolicy",
  google_storage_bucket_object: "an object, by a grant on its bucket",
  google_storage_transfer_job: "storagetransfer.jobs.get",
  google_workflows_workflow: "workflows.workflows.get",
};

describe("the plan account", () => {
  test("reads every type that it plans, and no data", () => {
    const plan = permissionsOf(prod, "prod_plan");
    const types = new Set(resourcesOf(prod, /^google_/, /-(?!foundation)\w+$/).map(({ type }) => type));
    for (const type of types) {
      const needed = reading[type];
      expect({
        type,
        needed,
        allowed: needed?.includes(" ") === true || plan.includes(needed ?? ""),
      }).toMatchObject({ allowed: true });
    }
    expect(plan.filter((one) => !/\.(get|list|getIamPolicy)$/.test(one))).toEqual([]);
    expect(
      plan.filter((one) => /^storage\.objects|tables\.getData|\.access$|accessToken/i.test(one)),
    ).toEqual([]);
  });

  test("has no predefined role on the project", () => {
    const grants = resourcesOf(prod, /^google_project_iam_member$/, /foundation/).map(({ values }) =>
      grant.parse(values),
    );
    expect(grants.map((one) => one.role).filter((name) => name.startsWith("roles/"))).toEqual([]);
  });
});

describe("Terraform's state", () => {
  // The environment with all stacks.
  const all = withStreaming(withComposer(prod));
  const conditional = resourcesOf(all, /^google_storage_bucket_iam_member$/, /foundation/)
    .filter(({ address }) => /\.state_/.test(address))
    .map(({ values }) => grant.parse(values));

  test("is read and written by CI without that of the foundation, which its owner's next deployment would execute", () => {
    const objects = conditional.filter((one) => one.role.startsWith("roles/"));
    expect(objects.map((one) => one.role).sort()).toEqual([
      "roles/storage.objectUser",
      "roles/storage.objectViewer",
    ]);
    const prefixes = [...stacksOf(all)].map(
      ([name, json]) => [name, `${backend.parse(json).terraform.backend.gcs.prefix}/`] as const,
    );
    expect(prefixes.map(([name]) => name).sort()).toEqual([...stackNames(all)].sort());
    for (const { condition } of objects)
      for (const [name, prefix] of prefixes)
        expect([name, condition?.expression.includes(`/objects/${prefix}"`)]).toEqual([
          name,
          name !== "prod-foundation",
        ]);
  });

  test("the condition has at most 12 logical operators, which is what IAM accepts", () => {
    for (const { condition } of conditional)
      expect(condition?.expression.split(/\|\||&&/).length ?? 0).toBeLessThanOrEqual(13);
  });
});

describe("the deploy account", () => {
  test("cannot create or become a service account, and not say who does", () => {
    const all = permissionsOf(prod, "prod_deploy.*");
    expect(all.filter((one) => one.startsWith("iam."))).toEqual([
      "iam.serviceAccounts.get",
      "iam.serviceAccounts.getIamPolicy",
    ]);
  });

  test("changes buckets and datasets of these stacks only, not those of the foundation", () => {
    const everywhere = permissionsOf(prod, "prod_deploy");
    expect(
      everywhere.filter((one) => /^(storage\.buckets|bigquery\.(datasets|tables))\./.test(one)).sort(),
    ).toEqual(["bigquery.datasets.create", "storage.buckets.create", "storage.buckets.list"]);
    const conditions = resourcesOf(prod, /^google_project_iam_member$/, /foundation/)
      .map(({ values }) => grant.parse(values))
      .filter((one) => /prod_deploy_(storage|bigquery)$/.test(one.role))
      .map(({ condition }) => condition?.expression ?? "");
    expect(conditions).toHaveLength(2);
    expect(conditions.join()).toContain('resource.name == "projects/_/buckets/replace-me-prod-prod-lake"');
    expect(conditions.join()).toContain(
      'resource.name.startsWith("projects/replace-me-prod/datasets/prod_")',
    );
    expect(conditions.join()).not.toMatch(/-(state|access-logs)"/);
    // Every bucket that another stack than the foundation creates.
    for (const { values } of resourcesOf(prod, /^google_storage_bucket$/, /-(?!foundation)\w+$/))
      expect(conditions.join()).toContain(
        `buckets/${z.looseObject({ name: z.string() }).parse(values).name}"`,
      );
  });

  test("deletes nothing that holds data where data is protected", () => {
    const deleting = (environment: Environment) =>
      permissionsOf(environment, "prod_deploy.*").filter((one) =>
        /^(storage|bigquery\.(datasets|tables)|cloudsql|compute\.(networks|subnetworks|globalAddresses))\..*delete/.test(
          one,
        ),
      );
    expect(deleting(prod)).toEqual([]);
    expect(deleting(unprotected)).toEqual(
      expect.arrayContaining([
        "storage.buckets.delete",
        "bigquery.tables.delete",
        "cloudsql.instances.delete",
      ]),
    );
  });
});

describe("the account of the ingest jobs", () => {
  const member = "serviceAccount:prod-ingest@replace-me-prod.iam.gserviceaccount.com";
  const given = resourcesOf(prod, /_iam_member$/)
    .map(({ type, values }) => ({
      type,
      ...z
        .extend(grant, { dataset_id: z.optional(z.string()), bucket: z.optional(z.string()) })
        .parse(values),
    }))
    .filter((one) => one.member === member);

  test("loads tables with exactly the permissions that its requests need, and cannot delete any", () => {
    const inDatasets = given.filter((one) => one.dataset_id !== undefined);
    expect(inDatasets.map((one) => `${one.role} ${one.dataset_id ?? ""}`).sort()).toEqual([
      "projects/replace-me-prod/roles/prod_load prod_raw",
      "projects/replace-me-prod/roles/prod_load prod_temporary",
    ]);
    expect(permissionsOf(prod, "prod_load")).toEqual([
      "bigquery.tables.create",
      "bigquery.tables.get",
      "bigquery.tables.getData",
      "bigquery.tables.update",
      "bigquery.tables.updateData",
    ]);
    expect(given.map((one) => one.role).filter((one) => one.startsWith("roles/bigquery."))).toEqual([
      "roles/bigquery.jobUser",
    ]);
  });

  test("converts in BigQuery only if a data set wants that: it exports tables, and writes to staged/", () => {
    const [first] = [...catalog.values()].filter(({ source }) => source.format === "csv");
    if (first === undefined) throw new Error("no data set is CSV");
    const changed = new Map([...catalog, [first.id, { ...first, engine: "bigquery" as const }]]);
    const texts = (sets: typeof catalog) =>
      [...synthesized({ environment: prod, catalog: sets }).values()]
        .map((stack) => JSON.stringify(stack))
        .join();
    expect(texts(changed)).toContain("bigquery.tables.export");
    expect(texts(changed)).toContain("prod-lake/objects/staged/");
    expect(texts(catalog)).not.toContain("bigquery.tables.export");
    expect(texts(catalog)).not.toContain("objects/staged/");
  });

  test("its temporary tables expire, and nobody else reads them", () => {
    const temporary = resourcesOf(prod, /^google_bigquery_dataset$/).filter(({ address }) =>
      /temporary/.test(address),
    );
    expect(temporary).toMatchObject([{ values: { default_table_expiration_ms: 86_400_000 } }]);
    const others = resourcesOf(prod, /^google_bigquery_dataset_iam_member$/)
      .filter(({ values }) => /temporary/.test(JSON.stringify(values)))
      .filter(({ values }) => grant.parse(values).member !== member);
    expect(others).toEqual([]);
  });

  test("writes only where the jobs write in the lake, and reads landing/", () => {
    const inLake = given.filter((one) => one.bucket === "replace-me-prod-prod-lake");
    const under = (prefix: string) =>
      `resource.name.startsWith("projects/_/buckets/replace-me-prod-prod-lake/objects/${prefix}")`;
    expect(inLake.map((one) => [one.role, one.condition?.expression]).sort()).toEqual([
      ["projects/replace-me-prod/roles/prod_list", undefined],
      ["roles/storage.objectUser", ["raw/", "rejects/", "manifests/"].map(under).join(" || ")],
      ["roles/storage.objectViewer", under("landing/")],
    ]);
    expect(lakePrefixes).toEqual(["landing", "staged", "raw", "rejects", "manifests"]);
  });
});

test("the workflow runs transfers, but creates and changes none", () => {
  const transfers = resourcesOf(prod, /^google_project_iam_member$/, /-orchestration$/)
    .map(({ values }) => grant.parse(values).role)
    .filter((one) => /transfer/.test(one));
  expect(transfers).toEqual(["projects/replace-me-prod/roles/prod_transfer"]);
  expect(permissionsOf(prod, "prod_transfer")).toEqual([
    "storagetransfer.jobs.get",
    "storagetransfer.jobs.run",
    "storagetransfer.operations.get",
  ]);
  expect(permissionsOf({ ...prod, transfer: undefined }, "prod_transfer")).toEqual([]);
});

describe("who reads and writes the warehouse", () => {
  const grants = (environment: Environment) =>
    resourcesOf(environment, /^google_(bigquery_dataset|project)_iam_member$/, /-warehouse$/).map(
      ({ values }) => z.extend(grant, { dataset_id: z.optional(z.string()) }).parse(values),
    );
  const whoHas = (environment: Environment, member: string) =>
    grants(environment)
      .filter((one) => one.member === member)
      .map((one) => `${one.role} ${/core|raw|staging/.exec(one.dataset_id ?? "")?.[0] ?? "project"}`)
      .sort();

  test("groups of the configuration read core or raw, and run queries", () => {
    const both = "group:both@example.com";
    const environment = {
      ...prod,
      readers: {
        core: ["core@example.com", "both@example.com", "both@example.com"],
        raw: ["both@example.com"],
      },
    };
    expect(whoHas(environment, "group:core@example.com")).toEqual([
      "roles/bigquery.dataViewer core",
      "roles/bigquery.jobUser project",
    ]);
    expect(whoHas(environment, both)).toEqual([
      "roles/bigquery.dataViewer core",
      "roles/bigquery.dataViewer raw",
      "roles/bigquery.jobUser project",
    ]);
    expect(grants({ ...prod, readers: undefined }).filter((one) => one.member?.startsWith("group:"))).toEqual(
      [],
    );
  });

  test("groups whose addresses differ only in a period are two", () => {
    const core = ["data.team@example.com", "datateam@example.com"];
    for (const email of core)
      expect(whoHas({ ...prod, readers: { core } }, `group:${email}`)).toHaveLength(2);
  });

  test.each(environments.map(({ name }) => name))(
    "in %s, the transformations read raw, and write staging and core",
    (name) => {
      const environment = loadEnvironment(name);
      expect(
        whoHas(
          environment,
          `serviceAccount:${name}-transform@${environment.project.id}.iam.gserviceaccount.com`,
        ),
      ).toEqual([
        "roles/bigquery.dataEditor core",
        "roles/bigquery.dataEditor staging",
        "roles/bigquery.dataViewer raw",
        "roles/bigquery.jobUser project",
      ]);
      const accounts = resourcesOf(environment, /^google_service_account$/, /-foundation$/);
      expect(JSON.stringify(accounts)).toContain(`"${name}-transform"`);
    },
  );
});

describe.each(environments.map(({ name }) => name))("in %s", (name) => {
  const environment = loadEnvironment(name);

  test("the foundation creates all service accounts, and alone says who acts as them", () => {
    const found = resourcesOf(environment, /^google_service_account(_iam_member)?$/);
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter(({ stack }) => stack !== `${name}-foundation`)).toEqual([]);
  });

  test("an account that another stack created is forgotten there, not deleted", () => {
    const removed = z.looseObject({
      removed: z.optional(
        z.array(z.object({ from: z.string(), lifecycle: z.object({ destroy: z.literal(false) }) })),
      ),
    });
    const forgotten = [...stacksOf(environment).values()].flatMap(
      (json) => removed.parse(json).removed ?? [],
    );
    expect(
      forgotten.map(({ from }) => from).filter((from) => from.startsWith("google_service_account.")),
    ).toEqual([
      "google_service_account.ingest_9B482C6E",
      "google_service_account.workflow_BAD9AE70",
      "google_service_account.scheduler_EDBED1F9",
    ]);
  });

  test("a dataset has one owner, whom nobody can use", () => {
    const datasets = resourcesOf(environment, /^google_bigquery_dataset$/);
    expect(datasets).toHaveLength(4);
    for (const { values } of datasets)
      expect(values).toMatchObject({
        access: [
          {
            role: "OWNER",
            user_by_email: `${name}-data-owner@${environment.project.id}.iam.gserviceaccount.com`,
          },
        ],
      });
    const all = JSON.stringify(resourcesOf(environment, /_iam_/));
    expect(all).not.toContain("data-owner");
  });
});
