import { equal } from "../../diff/equal";
import { type JsonObject, textOf } from "../../json";
import { at } from "../path";
import type { InPlace } from "./effect";
import { lookup } from "../../lookup";

/** Attributes whose change causes an outage. */
const restarts = lookup<{ readonly paths: readonly string[]; readonly reason: string }>({
  google_sql_database_instance: {
    paths: [
      ...[
        "tier",
        "edition",
        "disk_type",
        "availability_type",
        "database_flags",
        "pricing_plan",
        "time_zone",
      ].map((path) => `settings.${path}`),
      ...["activation_policy", "advanced_machine_features", "ip_configuration.private_network"].map(
        (path) => `settings.${path}`,
      ),
      "database_version",
    ],
    reason: "the instance restarts: a few minutes of downtime, less with high availability",
  },
  google_alloydb_instance: {
    paths: ["machine_config", "availability_type", "database_flags"],
    reason: "the instance restarts",
  },
  google_redis_instance: {
    paths: ["memory_size_gb", "tier", "redis_version", "replica_count"],
    reason: "the instance fails over and drops connections",
  },
  google_compute_instance: {
    paths: ["machine_type", "service_account", "min_cpu_platform", "scheduling", "desired_status"],
    reason: "the VM stops and starts",
  },
  google_container_cluster: {
    paths: ["min_master_version", "node_version"],
    reason: "nodes are drained and upgraded",
  },
  google_container_node_pool: {
    paths: ["version", "node_config"],
    reason: "nodes are drained and recreated",
  },
  google_composer_environment: {
    paths: ["config"],
    reason: "the environment is updated; DAGs do not run during the update",
  },
  google_bigtable_instance: { paths: ["cluster.storage_type"], reason: "the cluster is migrated" },
  google_secret_manager_secret_version: {
    paths: ["enabled"],
    reason: "the version is disabled; whatever reads it fails",
  },
  google_kms_crypto_key_version: {
    paths: ["state"],
    reason: "the key version is no longer enabled; data it encrypts cannot be read",
  },
  aws_kms_key: { paths: ["is_enabled"], reason: "the key is disabled; data it encrypts cannot be read" },
  google_service_account: {
    paths: ["disabled"],
    reason: "the account is disabled; whatever runs as it fails",
  },
  google_iam_workload_identity_pool: {
    paths: ["disabled"],
    reason: "the pool is disabled; its identities are rejected",
  },
  google_iam_workload_identity_pool_provider: {
    paths: ["disabled"],
    reason: "the provider is disabled; its identities are rejected",
  },
  google_cloud_tasks_queue: { paths: ["desired_state"], reason: "the queue is paused" },
  google_datastream_stream: { paths: ["desired_state"], reason: "the stream is paused" },
  google_bigquery_data_transfer_config: { paths: ["disabled"], reason: "the transfer is disabled" },
  google_cloud_scheduler_job: { paths: ["paused"], reason: "the schedule is paused" },
  google_storage_transfer_job: { paths: ["status"], reason: "the transfer job is disabled" },
  aws_db_instance: {
    paths: ["instance_class", "engine_version", "storage_type", "multi_az"],
    reason: "the instance restarts",
  },
  aws_rds_cluster: { paths: ["engine_version"], reason: "the cluster restarts" },
  aws_rds_cluster_instance: { paths: ["instance_class", "engine_version"], reason: "the instance restarts" },
  aws_docdb_cluster: { paths: ["engine_version"], reason: "the cluster restarts" },
  aws_redshift_cluster: {
    paths: ["node_type", "number_of_nodes", "cluster_version"],
    reason: "the cluster is resized",
  },
  aws_elasticache_replication_group: {
    paths: ["node_type", "engine_version"],
    reason: "nodes are replaced and drop connections",
  },
  aws_msk_cluster: {
    paths: ["kafka_version", "broker_node_group_info"],
    reason: "brokers restart one by one",
  },
  aws_eks_cluster: { paths: ["version"], reason: "the control plane is upgraded" },
  aws_opensearch_domain: { paths: ["engine_version", "cluster_config"], reason: "the domain is redeployed" },
  aws_instance: { paths: ["instance_type"], reason: "the VM stops and starts" },
});

export function outage(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  const restart = restarts(type);
  if (restart === undefined) return undefined;
  const changed = restart.paths.filter((path) => !equal(at(before, path), at(after, path)));
  if (changed.length === 0 || isResumed(type, after)) return undefined;
  if (at(after, "settings.activation_policy") === "NEVER")
    return { class: "outage", reason: "the instance stops (settings.activation_policy)" };
  return { class: "outage", reason: `${restart.reason} (${changed.join(", ")})` };
}

/** What stops working when a resource without data is deleted. */
export function outageWithout(type: string, isReplaced: boolean): string | undefined {
  const reason = needed(type);
  return reason === undefined || !isReplaced ? reason : `${reason}, until the new one is in use`;
}

const released = "the address is released and may be assigned to others";
const unresolved = "the name is no longer resolved";

const needed = lookup<string>({
  google_compute_address: released,
  google_compute_global_address: released,
  aws_eip: released,
  google_dns_record_set: unresolved,
  aws_route53_record: unresolved,
  google_sql_user: "clients of the user are rejected",
  google_alloydb_user: "clients of the user are rejected",
  google_compute_router_nat: "there is no access to the internet from its subnetworks",
  google_compute_vpn_tunnel: "the networks are no longer connected",
  google_vpc_access_connector: "services that use it have no access to the network",
  google_container_node_pool: "workloads on its nodes stop",
});

/** Resuming is not an outage. */
function isResumed(type: string, after: JsonObject): boolean {
  return (
    (switchable.has(type) &&
      [after["enabled"], after["is_enabled"]].every((value) => value !== false) &&
      after["disabled"] !== true &&
      after["desired_state"] !== "PAUSED" &&
      (textOf(after["state"]) ?? "ENABLED") === "ENABLED") ||
    (type === "google_cloud_scheduler_job" && after["paused"] !== true) ||
    (type === "google_storage_transfer_job" && after["status"] === "ENABLED")
  );
}

/** Types that an attribute switches off and on. */
const switchable = new Set([
  ...["google_secret_manager_secret_version", "google_kms_crypto_key_version", "aws_kms_key"],
  ...["google_service_account", "google_iam_workload_identity_pool"],
  ...["google_iam_workload_identity_pool_provider", "google_cloud_tasks_queue", "google_datastream_stream"],
  ...["google_bigquery_data_transfer_config"],
]);
