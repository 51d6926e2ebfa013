import type { JsonObject } from "../../../preview/json";
import { create, type Entry, keep, remove, replace, reportOf, update } from "../support/plan-json";
import { bucket, dataset, instance, table } from "../support/small-app";

const lossesOf = (...entries: readonly Entry[]) =>
  reportOf(entries).losses.map(({ address, class: name, action }) => [address, name, action]);

test.each<[string, Entry, string]>([
  ["a replaced bucket", replace("google_storage_bucket.x", bucket, { location: "EU" }), "lost"],
  ["a deleted native table", remove("google_bigquery_table.x", table), "lost"],
  [
    "a replaced external table",
    replace(
      "google_bigquery_table.x",
      { ...table, external_data_configuration: [{ autodetect: false }] },
      { table_id: "y" },
    ),
    "recreated",
  ],
  [
    "a deleted view",
    remove("google_bigquery_table.x", { ...table, view: [{ query: "SELECT 1" }] }),
    "recreated",
  ],
  [
    "a replaced primary instance",
    replace(
      "google_sql_database_instance.x",
      { ...instance, instance_type: "CLOUD_SQL_INSTANCE", master_instance_name: "computed" },
      { region: "b" },
    ),
    "lost",
  ],
  [
    "a deleted read replica",
    remove("google_sql_database_instance.x", { ...instance, instance_type: "READ_REPLICA_INSTANCE" }),
    "recreated",
  ],
  ["a dropped database", remove("google_sql_database.x", { name: "d", instance: "i" }), "lost"],
  [
    "an abandoned database",
    remove("google_sql_database.x", { name: "d", instance: "i", deletion_policy: "ABANDON" }),
    "recreated",
  ],
  ["a deleted key", remove("google_kms_crypto_key.x", { name: "k" }), "lost"],
  ["a deleted secret", remove("google_secret_manager_secret.x", { secret_id: "s" }), "lost"],
  ["a replaced topic", replace("google_pubsub_topic.x", { name: "t" }, { name: "u" }), "lost"],
  ["a deleted schedule", remove("google_cloud_scheduler_job.x", { name: "s" }), "recreated"],
  [
    "a replaced grant",
    replace(
      "google_project_iam_member.x",
      { project: "p", role: "roles/viewer", member: "user:a@example.com" },
      { role: "roles/browser" },
    ),
    "recreated",
  ],
  ["a forgotten bucket", remove("google_storage_bucket.x", bucket, { actions: ["forget"] }), "forgotten"],
  [
    "a changed tier",
    update("google_sql_database_instance.x", instance, { settings: [{ tier: "db-custom-4-15360" }] }),
    "outage",
  ],
  [
    "a paused schedule",
    update("google_cloud_scheduler_job.x", { name: "s", paused: false }, { paused: true }),
    "outage",
  ],
  [
    "a dropped column",
    update("google_bigquery_table.x", { ...table, schema: schema("a", "b") }, { schema: schema("a") }),
    "lost",
  ],
  [
    "a dropped nested column",
    update(
      "google_bigquery_table.x",
      { ...table, schema: nested("street", "city") },
      { schema: nested("street") },
    ),
    "lost",
  ],
  [
    "a removed message retention",
    update(
      "google_pubsub_topic.x",
      { name: "t", message_retention_duration: "604800s" },
      { message_retention_duration: null },
    ),
    "expires",
  ],
  [
    "a removed condition of a lifecycle rule",
    update("google_storage_bucket.x", lifecycle(30, { num_newer_versions: 3 }), lifecycle(30)),
    "expires",
  ],
  [
    "a disabled API",
    remove("google_project_service.x", { service: "run.googleapis.com", disable_on_destroy: true }),
    "outage",
  ],
  [
    "a stopped instance",
    update("google_sql_database_instance.x", instance, { settings: [{ activation_policy: "NEVER" }] }),
    "outage",
  ],
  [
    "a secret version that is only disabled",
    remove("google_secret_manager_secret_version.x", { secret: "s", deletion_policy: "DISABLE" }),
    "recreated",
  ],
  ["a shorter lifecycle", update("google_storage_bucket.x", lifecycle(365), lifecycle(7)), "expires"],
  ["a new lifecycle rule", update("google_storage_bucket.x", bucket, lifecycle(7)), "expires"],
  [
    "a new partition expiration",
    update("google_bigquery_table.x", table, {
      time_partitioning: [{ type: "DAY", expiration_ms: 86_400_000 }],
    }),
    "expires",
  ],
  [
    "a shorter message retention",
    update(
      "google_pubsub_topic.x",
      { name: "t", message_retention_duration: "604800s" },
      { message_retention_duration: "86400s" },
    ),
    "expires",
  ],
  [
    "a deleted regional secret",
    remove("google_secret_manager_regional_secret.x", { secret_id: "s" }),
    "lost",
  ],
  ["a deleted file system on AWS", remove("aws_fsx_openzfs_file_system.x", { id: "f" }), "lost"],
  ["a deleted search domain", remove("aws_opensearch_domain.x", { domain_name: "d" }), "lost"],
  ["a deleted snapshot", remove("aws_ebs_snapshot.x", { id: "s" }), "lost"],
  ["a released address", remove("google_compute_address.x", { name: "a" }), "outage"],
  ["a replaced record", replace("google_dns_record_set.x", { name: "a." }, { name: "b." }), "outage"],
  [
    "a dropped column family",
    update(
      "google_bigtable_table.x",
      { name: "t", column_family: [{ family: "a" }, { family: "b" }] },
      { column_family: [{ family: "a" }] },
    ),
    "lost",
  ],
  [
    "a table that new DDL drops",
    update(
      "google_spanner_database.x",
      { ddl: ["CREATE TABLE a"] },
      { ddl: ["CREATE TABLE a", "DROP TABLE a"] },
    ),
    "lost",
  ],
  [
    "a shorter garbage collection",
    update("google_bigtable_gc_policy.x", { max_age: [{ days: 30 }] }, { max_age: [{ days: 1 }] }),
    "expires",
  ],
  ["a new time to live", create("google_firestore_field.x", { field: "f", ttl_config: [{}] }), "expires"],
  [
    "a cleanup policy that is no longer a dry run",
    update(
      "google_artifact_registry_repository.x",
      { cleanup_policies: [{ id: "old", action: "DELETE" }], cleanup_policy_dry_run: true },
      { cleanup_policy_dry_run: false },
    ),
    "expires",
  ],
  [
    "a new lifecycle on AWS",
    create("aws_s3_bucket_lifecycle_configuration.x", {
      bucket: "b",
      rule: [{ id: "r", status: "Enabled", expiration: [{ days: 7 }] }],
    }),
    "expires",
  ],
  [
    "an enabled rule of a lifecycle on AWS",
    update(
      "aws_s3_bucket_lifecycle_configuration.x",
      { rule: [{ id: "r", status: "Disabled", expiration: [{ days: 7 }] }] },
      { rule: [{ id: "r", status: "Enabled", expiration: [{ days: 7 }] }] },
    ),
    "expires",
  ],
  [
    "shorter streams",
    update("aws_kinesis_stream.x", { retention_period: 48 }, { retention_period: 24 }),
    "expires",
  ],
  [
    "a disabled secret version",
    update("google_secret_manager_secret_version.x", { enabled: true }, { enabled: false }),
    "outage",
  ],
  ["a disabled key", update("aws_kms_key.x", { is_enabled: true }, { is_enabled: false }), "outage"],
])("the effect on data of %s", (_name, entry, expected) => {
  expect(lossesOf(entry)).toEqual([
    [entry.address, expected, entry.actions?.includes("forget") === true ? "forget" : actionOf(entry)],
  ]);
});

test.each<[string, Entry]>([
  ["a longer lifecycle", update("google_storage_bucket.x", lifecycle(7), lifecycle(365))],
  ["a removed lifecycle rule", update("google_storage_bucket.x", lifecycle(7), { lifecycle_rule: [] })],
  [
    "an added column",
    update(
      "google_bigquery_table.x",
      { ...table, schema: schema("a", "b") },
      { schema: schema("a", "c", "b") },
    ),
  ],
  [
    "a resumed schedule",
    update("google_cloud_scheduler_job.x", { name: "s", paused: true }, { paused: false }),
  ],
  [
    "a longer message retention",
    update(
      "google_pubsub_topic.x",
      { name: "t", message_retention_duration: "86400s" },
      { message_retention_duration: "604800s" },
    ),
  ],
  ["a new bucket", create("google_storage_bucket.x", bucket)],
  ["an enabled key", update("aws_kms_key.x", { is_enabled: false }, { is_enabled: true })],
  ["a new cleanup of nothing", create("aws_s3_bucket_lifecycle_configuration.x", { bucket: "b", rule: [] })],
  [
    "a cleanup policy that only keeps",
    update(
      "google_artifact_registry_repository.x",
      { cleanup_policies: [] },
      { cleanup_policies: [{ id: "keep", action: "KEEP" }] },
    ),
  ],
])("no data is affected by %s", (_name, entry) => {
  expect(lossesOf(entry)).toEqual([]);
});

describe("collateral", () => {
  test("includes the children of children", () => {
    expect(
      lossesOf(
        replace("google_bigquery_dataset.raw", dataset, { location: "b" }),
        keep("google_bigquery_table.t", table),
        keep("google_bigquery_table_iam_member.g", {
          dataset_id: "other",
          table_id: "projects/p/datasets/raw/tables/zones",
          project: "p",
          role: "r",
          member: "m",
        }),
        keep("google_bigquery_table.elsewhere", { ...table, dataset_id: "core" }),
        keep("google_bigquery_table.other_project", { ...table, project: "q" }),
      ),
    ).toEqual([
      ["google_bigquery_dataset.raw", "lost", "replace"],
      ["google_bigquery_table.t", "lost", "collateral"],
      ["google_bigquery_table_iam_member.g", "recreated", "collateral"],
    ]);
  });

  test("does not include resources that the plan deletes", () => {
    expect(
      lossesOf(remove("google_bigquery_dataset.raw", dataset), remove("google_bigquery_table.t", table)),
    ).toEqual([
      ["google_bigquery_dataset.raw", "lost", "delete"],
      ["google_bigquery_table.t", "lost", "delete"],
    ]);
  });

  test("includes the grants of a replaced service account, and the resources of a deleted project", () => {
    const account = { account_id: "a", email: "a@p.iam.gserviceaccount.com", project: "p" };
    expect(
      lossesOf(
        replace("google_service_account.a", account, { project: "p" }),
        keep("google_project_iam_member.m", {
          project: "q",
          role: "roles/viewer",
          member: "serviceAccount:a@p.iam.gserviceaccount.com",
        }),
      ),
    ).toContainEqual(["google_project_iam_member.m", "recreated", "collateral"]);
    expect(
      lossesOf(
        remove("google_project.p", { project_id: "p", name: "P" }),
        keep("google_storage_bucket.b", { ...bucket, project: "p" }),
        keep("google_storage_bucket.c", { ...bucket, project: "q" }),
      ),
    ).toEqual([
      ["google_project.p", "lost", "delete"],
      ["google_storage_bucket.b", "lost", "collateral"],
    ]);
  });

  test.each<[string, JsonObject, string, JsonObject, string]>([
    [
      "google_managed_kafka_cluster",
      { cluster_id: "k" },
      "google_managed_kafka_topic",
      { cluster: "k" },
      "lost",
    ],
    [
      "google_secret_manager_regional_secret",
      { secret_id: "s" },
      "google_secret_manager_regional_secret_version",
      { secret: "projects/p/locations/l/secrets/s" },
      "lost",
    ],
    [
      "google_firestore_database",
      { name: "d" },
      "google_firestore_document",
      { database: "d", document_id: "x" },
      "lost",
    ],
    ["aws_dynamodb_table", { name: "t" }, "aws_dynamodb_table_item", { table_name: "t" }, "lost"],
    ["aws_s3_bucket", { bucket: "b" }, "aws_s3_bucket_versioning", { bucket: "b" }, "recreated"],
    ["aws_sns_topic", { arn: "arn:t" }, "aws_sns_topic_subscription", { topic_arn: "arn:t" }, "recreated"],
  ])("of a deleted %s is found", (parent, values, child, own, expected) => {
    expect(lossesOf(remove(`${parent}.x`, values), keep(`${child}.y`, own))).toContainEqual([
      `${child}.y`,
      expected,
      "collateral",
    ]);
  });

  test("includes a table that the plan only updates", () => {
    expect(
      lossesOf(
        replace("google_bigquery_dataset.raw", dataset, { location: "b" }),
        update("google_bigquery_table.t", table, { description: "x" }),
      ),
    ).toContainEqual(["google_bigquery_table.t", "lost", "collateral"]);
  });
});

test("a loss contains rows and bytes of the state, and the backfill command", () => {
  const { losses } = reportOf([
    remove("google_bigquery_table.t", { ...table, num_rows: 1_204_000, num_bytes: 52_000_000 }),
    keep("google_workflows_workflow.backfill", { name: "prod-backfill", region: "europe-west6" }),
  ]);
  expect(losses[0]?.reason).toBe("1,204,000 rows (52 MB) are deleted");
  expect(losses[0]?.wayBack).toContain(
    'gcloud workflows run prod-backfill --location=europe-west6 --data=\'{"datasets": ["zones"]',
  );
});

function actionOf({ before, after, actions }: Entry): string {
  if (actions?.length === 2) return "replace";
  return before === null ? "create" : after === null ? "delete" : "update";
}

function schema(...names: readonly string[]): string {
  return JSON.stringify(names.map((name) => ({ name, type: "STRING", mode: "NULLABLE" })));
}

function nested(...names: readonly string[]): string {
  const fields = names.map((name) => ({ name, type: "STRING" }));
  return JSON.stringify([{ name: "address", type: "RECORD", mode: "REPEATED", fields }]);
}

function lifecycle(age: number, more: JsonObject = {}) {
  return {
    ...bucket,
    lifecycle_rule: [{ action: [{ type: "Delete" }], condition: [{ age, with_state: "ANY", ...more }] }],
  };
}
