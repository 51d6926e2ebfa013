/** Previews in __tests__/golden/preview. */
import { diffReport, previewReport } from "../../preview/preview";
import { markdown } from "../../preview/render/markdown/markdown";
import { describeUnless } from "../support/unless";
import { expectGolden } from "./support/golden";
import { largePlan } from "./support/large-plan";
import { create, keep, planJson, remove, replace, reportOf, update } from "./support/plan-json";
import { app, bucket, dataset, instance, table } from "./support/small-app";
import { Module, noTerraform } from "./support/terraform-data";

describe("the preview of small synthesized stacks:", () => {
  test("first deploy", () => {
    expectGolden("first-deploy.md", markdown(diffReport({ base: { stacks: [] }, head: app() })));
  });

  test("data set added", () => {
    expectGolden(
      "data-set-added.md",
      markdown(diffReport({ base: app(), head: app({ dataSets: ["zones", "orders"] }) })),
    );
  });

  test("column added", () => {
    expectGolden(
      "column-added.md",
      markdown(diffReport({ base: app(), head: app({ columns: ["currency"] }) })),
    );
  });

  test("bucket renamed", () => {
    expectGolden(
      "bucket-renamed.md",
      markdown(diffReport({ base: app(), head: app({ bucket: "prod-data-lake" }) })),
    );
  });

  test("stack gone", () => {
    expectGolden(
      "stack-gone.md",
      markdown(diffReport({ base: app(), head: app({ without: "prod-warehouse" }) })),
    );
  });
});

describe("the preview of plans:", () => {
  test("region changed, with tables that are not in the plan", () => {
    const report = reportOf([
      replace("google_bigquery_dataset.raw", dataset, { location: "us-central1" }),
      keep("google_bigquery_table.zones", table),
      keep("google_bigquery_table.zones_lake", {
        ...table,
        table_id: "zones_lake",
        external_data_configuration: [{ autodetect: false }],
      }),
      keep("google_bigquery_dataset_iam_member.reader", {
        dataset_id: "raw",
        role: "roles/bigquery.dataViewer",
        member: "group:analysts@example.com",
      }),
    ]);
    expectGolden("region-changed.md", markdown(report));
  });

  test("SQL instance replaced", () => {
    const report = reportOf([
      replace("google_sql_database_instance.postgres", instance, { region: "us-central1" }),
      keep("google_sql_database.warehouse", { name: "warehouse", instance: "prod-postgres" }),
    ]);
    expectGolden("sql-instance-replaced.md", markdown(report));
  });

  test("role broadened", () => {
    const member = {
      project: "p",
      role: "roles/bigquery.jobUser",
      member: "group:contractors@example.com",
      condition: [],
    };
    const report = reportOf([
      replace("google_project_iam_member.contractors", member, { role: "roles/editor" }),
      update(
        "google_iam_workload_identity_pool_provider.ci",
        {
          workload_identity_pool_provider_id: "ci",
          attribute_condition: 'assertion.repository_id == "1" && assertion.ref == "refs/heads/main"',
          oidc: [{ issuer_uri: "https://issuer.example" }],
        },
        { attribute_condition: 'assertion.repository_id == "1"' },
      ),
    ]);
    expectGolden("role-broadened.md", markdown(report));
  });

  test("database dropped", () => {
    const report = reportOf([
      remove(
        "google_sql_database.warehouse",
        { name: "warehouse", instance: "prod-postgres", deletion_policy: "DELETE" },
        { reason: "delete_because_no_resource_config" },
      ),
      keep("google_sql_database_instance.postgres", instance),
    ]);
    expectGolden("database-dropped.md", markdown(report));
  });

  test("construct renamed", () => {
    const report = reportOf([
      remove("google_storage_bucket.lake_11AA", bucket),
      create("google_storage_bucket.data-lake_22BB", bucket),
    ]);
    expectGolden("construct-renamed.md", markdown(report));
  });

  test("drift", () => {
    const drifted = { ...bucket, labels: { team: "somebody-else" } };
    const report = reportOf(
      [update("google_storage_bucket.lake", drifted, { labels: { team: "data" } })],
      {},
      {
        resource_drift: [
          {
            address: "google_storage_bucket.lake",
            mode: "managed",
            type: "google_storage_bucket",
            change: { actions: ["update"], before: bucket, after: drifted },
          },
        ],
        relevant_attributes: [{ resource: "google_storage_bucket.lake", attribute: ["labels"] }],
      },
    );
    expectGolden("drift.md", markdown(report));
  });

  test("5,000 changes", () => {
    const report = previewReport({
      plans: [{ stack: "prod", content: largePlan(5_000).content }],
      truth: "state",
    });
    expectGolden("5000-changes.md", markdown(report));
  });

  test("several stacks: changed, errored, blocked, unchanged", () => {
    const report = previewReport({
      plans: [
        {
          stack: "prod-lake",
          content: planJson([update("google_storage_bucket.lake", bucket, { labels: { team: "data" } })]),
        },
        { stack: "prod-network", content: planJson([]) },
        { stack: "prod-database", error: "Error: Invalid provider configuration" },
        { stack: "prod-ingestion", blockedBy: "prod-database" },
      ],
      truth: "state",
      commits: { base: "1111111", head: "2222222" },
    });
    expectGolden("several-stacks.md", markdown(report));
  });
});

describeUnless(noTerraform)("the preview of Terraform's plans for terraform_data:", () => {
  const made: Module[] = [];
  const module = () => {
    const one = new Module();
    made.push(one);
    return one;
  };
  afterAll(() => {
    for (const one of made) one.dispose();
  });
  /** Ids of terraform_data are random and part of the digest. */
  const preview = (content: Uint8Array) =>
    markdown(previewReport({ plans: [{ stack: "prod", content }], truth: "state" })).replace(
      /sha256:[0-9a-f]{64}/g,
      "sha256:(depends on random ids)",
    );

  test("secrets", () => {
    const configuration = (plain: boolean) => `
      variable "token" { sensitive = true }
      variable "old" { sensitive = true }
      resource "terraform_data" "holder" { input = { token = var.token, user = "reader" } }
      resource "terraform_data" "plain" { input = ${plain ? "nonsensitive(var.old)" : "var.old"} }
      output "token" {
        value     = terraform_data.holder.output
        sensitive = true
      }`;
    const tokens = (token: string) => [`-var=token=${token}`, "-var=old=Xy7-old-Secret-9"];
    const plan = module()
      .write(configuration(false))
      .apply(...tokens("Xy7-first-Secret-1"))
      .write(configuration(true))
      .plan(...tokens("Xy7-second-Secret-2"));
    const text = preview(plan);
    expect(text).not.toContain("Secret");
    expectGolden("secrets.md", text);
  });

  test("moved, imported, forgotten", () => {
    const plan = module()
      .write('resource "terraform_data" "old" { input = 1 }\nresource "terraform_data" "left" { input = 2 }')
      .apply()
      .write(
        `resource "terraform_data" "new" { input = 1 }
         moved {
           from = terraform_data.old
           to   = terraform_data.new
         }
         removed {
           from = terraform_data.left
           lifecycle { destroy = false }
         }
         import {
           to = terraform_data.adopted
           id = "0f0e0d0c-0000-0000-0000-000000000001"
         }
         resource "terraform_data" "adopted" { input = "changed" }`,
      )
      .plan();
    expectGolden("moved-imported-forgotten.md", preview(plan));
  });

  test("errored", () => {
    const plan = module()
      .write(
        `resource "terraform_data" "first" { input = "one" }
         resource "terraform_data" "second" {
           input = "two"
           lifecycle {
             precondition {
               condition     = length(terraform_data.first.input) > 5
               error_message = "The first is too short."
             }
           }
         }`,
      )
      .plan();
    expectGolden("errored.md", preview(plan));
  });
});
