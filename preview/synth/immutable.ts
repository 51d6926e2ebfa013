import { equal } from "../diff/equal";
import type { JsonObject } from "../json";
import { lookup } from "../lookup";

/**
 * Changed attributes that force a replacement. Synthesized JSON does not contain this information, so the table below
 * lists them for types with data or with a unique name. A plan knows all of them.
 */
export function replacedBy(type: string, before: JsonObject, after: JsonObject): string[] {
  const own = immutable(type) ?? (/_iam_(?:member|binding|policy)$/.test(type) ? grant : []);
  return own.filter((attribute) => !equal(before[attribute], after[attribute]));
}

const grant = [
  ...["role", "member", "condition", "project", "bucket", "dataset_id", "table_id", "topic", "subscription"],
  ...["secret_id", "service_account_id", "repository", "name", "location", "crypto_key_id", "key_ring_id"],
];

const immutable = lookup<readonly string[]>({
  google_storage_bucket: ["name", "location", "project"],
  google_bigquery_dataset: ["dataset_id", "location", "project"],
  google_bigquery_table: ["dataset_id", "table_id", "project"],
  google_sql_database_instance: ["name", "region", "project"],
  google_sql_database: ["name", "instance", "project"],
  google_sql_user: ["name", "instance", "project"],
  google_pubsub_topic: ["name", "project"],
  google_pubsub_subscription: ["name", "topic", "project"],
  google_kms_key_ring: ["name", "location", "project"],
  google_kms_crypto_key: ["name", "key_ring"],
  google_secret_manager_secret: ["secret_id", "replication", "project"],
  google_service_account: ["account_id", "project"],
  google_artifact_registry_repository: ["repository_id", "location", "format", "project"],
  google_cloud_run_v2_job: ["name", "location", "project"],
  google_cloud_run_v2_service: ["name", "location", "project"],
  google_workflows_workflow: ["name", "region", "project"],
  google_cloud_scheduler_job: ["name", "region", "project"],
  google_compute_network: ["name", "project"],
  google_compute_subnetwork: ["name", "network", "region", "project"],
  google_compute_global_address: ["name", "address_type", "prefix_length", "purpose", "network"],
  google_iam_workload_identity_pool: ["workload_identity_pool_id", "project"],
  google_iam_workload_identity_pool_provider: [
    "workload_identity_pool_provider_id",
    "workload_identity_pool_id",
  ],
  google_project_iam_custom_role: ["role_id", "project"],
  google_project_service: ["service", "project"],
  aws_s3_bucket: ["bucket"],
  aws_sqs_queue: ["name"],
  aws_iam_role: ["name"],
});
