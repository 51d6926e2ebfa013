import { create, type Entry, keep, remove, replace, reportOf, update } from "../support/plan-json";
import { bucket, dataset, instance, table } from "../support/small-app";

const obstaclesOf = (entries: readonly Entry[], document = {}) => reportOf(entries, {}, document).obstacles;

test.each<[string, readonly Entry[], string, RegExp]>([
  [
    "protection of a Firestore database",
    [
      remove("google_firestore_database.x", {
        name: "d",
        delete_protection_state: "DELETE_PROTECTION_ENABLED",
      }),
    ],
    "certain",
    /delete_protection_state is DELETE_PROTECTION_ENABLED/,
  ],
  [
    "a protected project",
    [remove("google_project.x", { project_id: "p", deletion_policy: "PREVENT" })],
    "certain",
    /deletion_policy is PREVENT/,
  ],
  [
    "a database on AWS without the name of its final snapshot",
    [remove("aws_db_instance.x", { identifier: "d", skip_final_snapshot: false })],
    "certain",
    /final_snapshot_identifier is not set/,
  ],
  [
    "a locked log bucket",
    [remove("google_logging_project_bucket_config.x", { bucket_id: "l", locked: true })],
    "certain",
    /locked/,
  ],
  [
    "deletion protection in the state",
    [remove("google_bigquery_table.x", table)],
    "certain",
    /deletion_protection is true/,
  ],
  [
    "deletion protection of the API",
    [
      remove("google_sql_database_instance.x", {
        ...instance,
        deletion_protection: false,
        settings: [{ deletion_protection_enabled: true }],
      }),
    ],
    "certain",
    /deletion_protection_enabled/,
  ],
  [
    "a bucket that may not be empty",
    [remove("google_storage_bucket.x", bucket)],
    "possible",
    /force_destroy/,
  ],
  [
    "a dataset with tables",
    [remove("google_bigquery_dataset.x", dataset), keep("google_bigquery_table.t", table)],
    "certain",
    /while it contains tables/,
  ],
  [
    "a locked retention policy",
    [remove("google_storage_bucket.x", { ...bucket, retention_policy: [{ is_locked: true }] })],
    "certain",
    /locked/,
  ],
  [
    "create before delete with the same name",
    [
      replace(
        "google_pubsub_topic.x",
        { name: "t", kms_key_name: "a" },
        { kms_key_name: "b" },
        { actions: ["create", "delete"] },
      ),
    ],
    "certain",
    /the name t is already in use/,
  ],
  [
    "a reused instance name",
    [replace("google_sql_database_instance.x", { ...instance, deletion_protection: false }, { region: "b" })],
    "certain",
    /cannot be reused for a week after/,
  ],
  [
    "a reused name of a transfer job",
    [replace("google_storage_transfer_job.x", { name: "transferJobs/x" }, { project: "q" })],
    "certain",
    /cannot be reused for 30 days after/,
  ],
  [
    "a renamed construct",
    [remove("google_pubsub_topic.a", { name: "t" }), create("google_pubsub_topic.b", { name: "t" })],
    "possible",
    /has the same name t/,
  ],
  [
    "the name of a resource in another address",
    [keep("google_storage_bucket.a", bucket), create("google_storage_bucket.b", { ...bucket, project: "q" })],
    "certain",
    /google_storage_bucket\.a already has the name prod-lake/,
  ],
  [
    "a required column of an existing table",
    [
      update(
        "google_bigquery_table.x",
        { ...table, schema: '[{"name": "a", "type": "STRING"}]' },
        { schema: '[{"name": "a", "type": "STRING"}, {"name": "b", "type": "STRING", "mode": "REQUIRED"}]' },
      ),
    ],
    "certain",
    /does not add required columns to an existing table: b/,
  ],
  [
    "a public grant on a bucket with public access prevention",
    [
      keep("google_storage_bucket.x", { ...bucket, public_access_prevention: "enforced" }),
      create("google_storage_bucket_iam_member.m", {
        bucket: "prod-lake",
        role: "roles/storage.objectViewer",
        member: "allUsers",
      }),
    ],
    "certain",
    /412/,
  ],
])("the apply stops because of %s", (_name, entries, certainty, reason) => {
  expect(obstaclesOf(entries)).toContainEqual(
    expect.objectContaining({ certainty, reason: expect.stringMatching(reason) as string }),
  );
});

test.each<[string, readonly Entry[]]>([
  [
    "a table without deletion protection",
    [remove("google_bigquery_table.x", { ...table, deletion_protection: false })],
  ],
  ["a bucket with force_destroy", [remove("google_storage_bucket.x", { ...bucket, force_destroy: true })]],
  [
    "a replacement with another name",
    [
      replace(
        "google_sql_database_instance.x",
        { ...instance, deletion_protection: false },
        { name: "other" },
      ),
    ],
  ],
  [
    "two topics with the same name in different projects",
    [
      remove("google_pubsub_topic.a", { name: "t", project: "p" }),
      create("google_pubsub_topic.b", { name: "t", project: "q" }),
    ],
  ],
  [
    "two objects of one bucket",
    [
      remove("aws_s3_object.a", { bucket: "b", key: "x" }),
      create("aws_s3_object.b", { bucket: "b", key: "y" }),
    ],
  ],
  [
    "two DNS records with the same name and different types",
    [
      remove("google_dns_record_set.a", { name: "x.", type: "A", managed_zone: "z" }),
      create("google_dns_record_set.b", { name: "x.", type: "AAAA", managed_zone: "z" }),
    ],
  ],
  ["an update", [update("google_bigquery_table.x", table, { description: "x" })]],
])("no obstacle for %s", (_name, entries) => {
  expect(obstaclesOf(entries)).toEqual([]);
});

test("a dataset that is deleted with all its tables may still contain others", () => {
  const found = obstaclesOf([
    remove("google_bigquery_dataset.x", dataset),
    remove("google_bigquery_table.t", { ...table, deletion_protection: false }),
    keep("google_bigquery_dataset_iam_member.m", {
      dataset_id: "raw",
      role: "r",
      member: "user:a@example.com",
    }),
  ]);
  expect(found.map(({ certainty }) => certainty)).toEqual(["possible"]);
});

test("an obstacle reports the progress of the apply: dependents are deleted first", () => {
  const grant = (name: string) =>
    remove(`google_storage_bucket_iam_member.${name}`, {
      bucket: "prod-lake",
      role: "r",
      member: `user:${name}@example.com`,
    });
  const state = (name: string) => ({
    address: `google_storage_bucket_iam_member.${name}`,
    depends_on: ["google_storage_bucket.x"],
  });
  const [obstacle] = obstaclesOf(
    [remove("google_storage_bucket.x", bucket), ...["a", "b", "c", "d"].map(grant)],
    {
      prior_state: { values: { root_module: { resources: ["a", "b", "c", "d"].map(state) } } },
    },
  );
  expect(obstacle?.progress).toBe("stops at step 2, after 4 grants are deleted");
});

test("a kept resource that depends on a deleted one is an obstacle", () => {
  const [obstacle] = obstaclesOf(
    [
      remove("google_pubsub_topic.t", { name: "t" }),
      keep("google_pubsub_subscription.s", { name: "s", topic: "t" }),
    ],
    {
      prior_state: {
        values: {
          root_module: {
            resources: [{ address: "google_pubsub_subscription.s", depends_on: ["google_pubsub_topic.t"] }],
          },
        },
      },
    },
  );
  expect(obstacle?.reason).toContain("google_pubsub_subscription.s depended on it");
});

test("the order of deletion is found in a graph with many paths", () => {
  const layers = 24;
  const entries = Array.from({ length: layers }, (_, layer) =>
    [0, 1, 2].map((at) =>
      remove(`google_pubsub_topic.t${layer}_${at}`, { name: `t${layer}-${at}`, deletion_protection: true }),
    ),
  ).flat();
  const references = (layer: number) => [0, 1, 2].map((at) => `google_pubsub_topic.t${layer - 1}_${at}`);
  const resources = entries.slice(3).map(({ address }, at) => ({
    address,
    expressions: { name: { references: references(Math.floor(at / 3) + 1) } },
  }));
  const { obstacles } = reportOf(entries, {}, { configuration: { root_module: { resources } } });
  expect(obstacles.find(({ address }) => address === "google_pubsub_topic.t0_0")?.progress).toBe(
    `stops at step ${layers}, after ${3 * (layers - 1)} topics are deleted`,
  );
});
