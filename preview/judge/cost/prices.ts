import { lookup } from "../../lookup";

/**
 * List prices in USD for us-central1 (Iowa), compared on the day below with the sources next to them. Other regions cost
 * up to about 40% more. Prices without a source are not in this table: the report calls them unknown, and never 0.
 */
export const pricesOf = "2026-11-26";

export const hoursAMonth = 730;

/**
 * Enterprise edition; highly available instances cost twice as much. The source is https://cloud.google.com/sql/pricing,
 * as quoted by third parties: vCPU and memory by https://www.usage.ai/blogs/gcp/cloud-sql/pricing/ (May 2026), SSD and
 * db-f1-micro by the price list of Infracost.
 */
export const sql = {
  vcpuHour: 0.0413,
  gigabyteHour: 0.007,
  ssdGigabyteMonth: 0.17,
  sharedHour: lookup({ "db-f1-micro": 0.0105 }),
} as const;

/** Compute units of a cluster, and their price: https://cloud.google.com/managed-service-for-apache-kafka/pricing */
export const kafka = { vcpuUnits: 0.6, gibibyteUnits: 0.1, unitHour: 0.09 } as const;

/** Fixed price per resource and month. */
export const monthly = lookup<{ readonly price: number; readonly note: string }>({
  // https://cloud.google.com/scheduler/pricing
  google_cloud_scheduler_job: { price: 0.1, note: "three jobs per billing account are free" },
  // https://cloud.google.com/secret-manager/pricing
  google_secret_manager_secret_version: {
    price: 0.06,
    note: "per location; six versions per billing account are free",
  },
});

/** Price per resource and hour. */
export const hourly = lookup<{ readonly price: number; readonly note: string }>({
  // https://cloud.google.com/kubernetes-engine/pricing
  google_container_cluster: {
    price: 0.1,
    note: "cluster management fee, free for one zonal cluster; nodes are not included",
  },
});

/** Types with usage-based prices only. */
export const usageBased = lookup<string>({
  google_storage_bucket: "stored bytes and operations",
  google_bigquery_table: "stored and scanned bytes",
  google_bigquery_dataset: "stored and scanned bytes",
  google_cloud_run_v2_job: "CPU and memory of executions",
  google_cloud_run_v2_service: "CPU, memory and requests",
  google_workflows_workflow: "executed steps",
  google_pubsub_topic: "published bytes",
  google_pubsub_subscription: "delivered bytes",
  google_storage_transfer_job: "egress from the source cloud",
  google_artifact_registry_repository: "stored bytes",
  google_cloudfunctions2_function: "CPU, memory and requests",
  google_compute_router_nat: "VM instances and bytes",
  google_logging_project_bucket_config: "stored bytes",
  google_monitoring_alert_policy: "conditions and returned time series",
  google_bigquery_data_transfer_config: "scanned bytes",
  aws_sqs_queue: "requests",
  aws_s3_bucket: "stored bytes and requests",
  aws_dynamodb_table: "reads, writes and stored bytes",
});

/** Types with fixed prices that are not in this table. */
export const unknownPrice =
  /^google_(?:compute_(?:instance|disk|region_disk|address|global_address|vpn|forwarding_rule|global_forwarding_rule)|container_node_pool|redis_|spanner_instance|bigtable_instance|alloydb_|filestore_|composer_|dataproc_|dataflow_|vpc_access_connector|kms_crypto_key$|managed_kafka|bigquery_reservation)|^aws_(?:instance|db_instance|rds_cluster|elasticache|redshift|msk|nat_gateway|lb|eks)|^azurerm_/;
