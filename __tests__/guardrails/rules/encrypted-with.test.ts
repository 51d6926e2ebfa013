import { encryptedWith } from "../../../guardrails";
import { type Case, said } from "../support";

const key = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
const rule = encryptedWith({ key });
const missing = (type: string, argument: string) =>
  `test/${type}.one is not encrypted with the key | set ${argument} to ${key}`;

const findings: readonly Case[] = [
  ...Object.entries({
    google_artifact_registry_repository: "kms_key_name",
    google_bigquery_connection: "kms_key_name",
    google_bigquery_dataset: "default_encryption_configuration.kms_key_name",
    google_cloud_run_v2_job: "template.template.encryption_key",
    google_cloud_run_v2_service: "template.encryption_key",
    google_compute_disk: "disk_encryption_key.kms_key_self_link",
    google_logging_project_bucket_config: "cmek_settings.kms_key_name",
    google_pubsub_topic: "kms_key_name",
    google_secret_manager_secret:
      "replication.user_managed.replicas.customer_managed_encryption.kms_key_name",
    google_sql_database_instance: "encryption_key_name",
    google_storage_bucket: "encryption.default_kms_key_name",
    google_workflows_workflow: "crypto_key_name",
  }).map(([type, argument]): Case => [
    `a ${type} without a key`,
    { [type]: { one: {} } },
    [missing(type, argument)],
  ]),
  [
    "another key",
    { google_storage_bucket: { one: { encryption: { default_kms_key_name: `${key}2` } } } },
    [
      `test/google_storage_bucket.one is encrypted with another key, ${key}2 | set encryption.default_kms_key_name to ${key}`,
    ],
  ],
  [
    "a table or an object with another key",
    {
      google_bigquery_table: { one: { encryption_configuration: { kms_key_name: `${key}2` } } },
      google_storage_bucket_object: { one: { kms_key_name: key } },
    },
    [
      `test/google_bigquery_table.one is encrypted with another key, ${key}2 | set encryption_configuration.kms_key_name to ${key}`,
    ],
  ],
  [
    "nothing in resources with the key, and in those that cannot have one",
    {
      google_storage_bucket: { one: { encryption: [{ default_kms_key_name: key }] } },
      google_bigquery_table: { one: {} },
      google_service_account: { one: {} },
    },
    [],
  ],
];

test.each(findings)("encryptedWith finds %s", (_, resources, expected) => {
  expect(said(rule, resources)).toEqual(expected);
});
