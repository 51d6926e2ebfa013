import { equal } from "../../diff/equal";
import type { JsonObject } from "../../json";
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
    paths: ["machine_type", "service_account", "min_cpu_platform", "scheduling"],
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
  google_cloud_scheduler_job: { paths: ["paused"], reason: "the schedule is paused" },
  google_storage_transfer_job: { paths: ["status"], reason: "the transfer job is disabled" },
  aws_db_instance: {
    paths: ["instance_class", "engine_version", "storage_type", "multi_az"],
    reason: "the instance restarts",
  },
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

/** Resuming is not an outage. */
function isResumed(type: string, after: JsonObject): boolean {
  return (
    (type === "google_cloud_scheduler_job" && after["paused"] !== true) ||
    (type === "google_storage_transfer_job" && after["status"] === "ENABLED")
  );
}
