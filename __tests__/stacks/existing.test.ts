import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import { adopted as adoptedFrom } from "../../checks/terraform/adopted";
import type { Environment } from "../../config/settings/environment";
import { environments, loadEnvironment } from "../fixtures/config";
import { environmentNamed } from "../../config/settings/validate";
import { noKeys, type Resource, validNames } from "../../guardrails";
import { resourcesOf } from "../../guardrails/synthesis";
import { textAt } from "../../guardrails/values";
import { type StackJson, synthesized } from "../../scripts/synthesized";
import { synthError } from "../support/platform";

const prod = loadEnvironment("prod");
const adopted = adoptedFrom(prod);
const catalog = loadCatalog();
const resources = (environment: Environment): Resource[] =>
  [...synthesized({ environment, catalog })].flatMap(([name, { resource }]: [string, StackJson]) =>
    resourcesOf(name, resource),
  );
const ofType = (all: readonly Resource[], type: string) => all.filter((one) => one.type === type);

describe("an environment that uses what exists already", () => {
  const all = resources(environmentNamed("corp", [adopted]));
  const named = (type: string, attribute: string) =>
    ofType(all, type).map(({ values }) => textAt(values, attribute));

  test("keeps the guardrails", () => {
    expect(synthError({ environment: adopted })).toBeUndefined();
  });

  test("creates neither the network, the bucket, the dataset, the account nor the channel", () => {
    expect(ofType(all, "google_compute_network")).toEqual([]);
    expect(ofType(all, "google_service_networking_connection")).toEqual([]);
    expect(ofType(all, "google_monitoring_notification_channel")).toEqual([]);
    expect(named("google_storage_bucket", "name")).not.toContain("acme-data-lake");
    expect(named("google_bigquery_dataset", "dataset_id").sort()).toEqual([
      "acme_corp_core_zrh",
      "acme_corp_staging_zrh",
      "acme_corp_temporary_zrh",
    ]);
    expect(named("google_service_account", "account_id")).not.toContain("acme-corp-ingest-zrh");
  });

  test("uses them: tables, jobs, grants and alerts name them", () => {
    expect(new Set(named("google_bigquery_table", "dataset_id"))).toEqual(new Set(["acme_landing"]));
    expect(named("google_sql_database_instance", "settings.ip_configuration.private_network")).toEqual([
      adopted.existing?.network?.network,
    ]);
    const job = "template.template";
    expect(named("google_cloud_run_v2_job", `${job}.service_account`).sort()).toEqual([
      "acme-corp-transform-zrh@replace-me-prod.iam.gserviceaccount.com",
      "loader@acme-identities.iam.gserviceaccount.com",
      "loader@acme-identities.iam.gserviceaccount.com",
    ]);
    expect(named("google_cloud_run_v2_job", `${job}.vpc_access.network_interfaces.subnetwork`)).toEqual(
      Array(2).fill(adopted.existing?.network?.subnet),
    );
    const members = ofType(all, "google_storage_bucket_iam_member")
      .filter(({ values }) => values.bucket === "acme-data-lake")
      .map(({ values }) => `${String(values.role)} ${String(values.member)}`);
    expect(members).toContain(
      "roles/storage.objectUser serviceAccount:loader@acme-identities.iam.gserviceaccount.com",
    );
    const policy = z.looseObject({ notification_channels: z.array(z.string()) });
    for (const { values } of ofType(all, "google_monitoring_alert_policy"))
      expect(policy.parse(values).notification_channels).toEqual(adopted.existing?.notificationChannels);
  });

  test("lets GitHub manage the datasets that exist, and the accounts", () => {
    const conditions = JSON.stringify(all.filter(({ path }) => path.startsWith("corp-foundation/ci/")));
    expect(conditions).toContain("projects/replace-me-prod/datasets/acme_landing");
    expect(conditions).toContain("projects/replace-me-prod/datasets/acme_corp_");
    expect(named("google_service_account_iam_member", "service_account_id")).toContain(
      "projects/-/serviceAccounts/loader@acme-identities.iam.gserviceaccount.com",
    );
  });

  test("names everything after the pattern", () => {
    expect(named("google_workflows_workflow", "name").sort()).toEqual([
      "acme-corp-backfill-zrh",
      "acme-corp-export-zrh",
      "acme-corp-fresh-zrh",
      "acme-corp-ingest-zrh",
    ]);
    expect(named("google_storage_bucket", "name")).toContain("replace-me-prod-acme-corp-state-zrh");
    expect(named("google_cloud_run_v2_job", "name").sort()).toEqual([
      "acme-corp-backfill-zrh",
      "acme-corp-ingest-zrh",
      "acme-corp-transform-zrh",
    ]);
  });

  test("reaches sources through the proxy, and Google's APIs without it", () => {
    const env = z.looseObject({
      template: z.looseObject({
        template: z.looseObject({
          containers: z.array(
            z.looseObject({ env: z.array(z.object({ name: z.string(), value: z.string() })) }),
          ),
        }),
      }),
    });
    // The transform job reaches nothing but Google's APIs.
    const jobs = ofType(all, "google_cloud_run_v2_job").filter(
      ({ values }) => values.name !== "acme-corp-transform-zrh",
    );
    expect(jobs).toHaveLength(2);
    for (const { values } of jobs) {
      expect(env.parse(values).template.template.containers[0]?.env).toEqual(
        expect.arrayContaining([
          { name: "HTTPS_PROXY", value: "http://10.0.0.5:3128" },
          {
            name: "NO_PROXY",
            value: "localhost,metadata.google.internal,169.254.169.254,.googleapis.com,.acme.example",
          },
        ]),
      );
    }
  });

  test("puts its labels on everything, which a guardrail checks", () => {
    const error = synthError({ environment: adopted }, (draft) => {
      draft.set("database", "postgres", "settings.user_labels.cost_center", undefined);
    });
    expect(error?.message).toContain("corp-database/postgres has no label cost_center");
  });
});

test("environments in one project share no names", () => {
  const together = environments.map((environment) => ({ ...environment, project: prod.project }));
  expect(together.length).toBeGreaterThan(1);
  const all = together.flatMap(resources);
  expect([validNames(), noKeys()].flatMap((rule) => rule({ stacks: [], resources: all }))).toEqual([]);
  // Several environments may enable the same API: none of them disables it.
  for (const { values } of ofType(all, "google_project_service"))
    expect(values.disable_on_destroy).toBe(false);
});

test.each<[string, Partial<Environment>, string]>([
  ["both networks", { existing: adopted.existing }, "network: "],
  ["no network", { network: undefined }, "network: is missing"],
  ["a pattern without the environment", { namePattern: "acme-{purpose}" }, "namePattern: "],
  ["a pattern with the purpose first", { namePattern: "{purpose}-{environment}" }, "namePattern: "],
  ["a bucket with a scheme", { existing: { lakeBucket: "gs://lake" } }, "existing.lakeBucket: "],
  [
    "an account that is a user",
    { existing: { serviceAccounts: { ingest: "ada@example.com" } } },
    "existing.serviceAccounts.ingest: ",
  ],
  ["a short channel", { existing: { notificationChannels: ["123"] } }, "existing.notificationChannels.0: "],
  [
    "a proxy with a password",
    { ingestion: { ...prod.ingestion, proxy: { url: "http://me:secret@proxy:3128" } } },
    // Without the password.
    'ingestion.proxy.url: "http://proxy:3128" must be a URL',
  ],
])("%s is refused", (_, change, fault) => {
  expect(() => environmentNamed("prod", [{ ...prod, ...change }])).toThrow(
    `config/prod.ts: 1 fault\n  - ${fault}`,
  );
});
