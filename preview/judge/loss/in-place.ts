import { columnsIn } from "../../diff/columns";
import { equal } from "../../diff/equal";
import {
  arrayOf,
  blockOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  textOf,
} from "../../json";
import type { LossClass } from "../../report";

export interface InPlace {
  readonly class: Extract<LossClass, "lost" | "expires" | "outage">;
  readonly reason: string;
  readonly wayBack?: string;
}

/** The effect of an in-place update on data and availability; undefined if there is none. */
export function inPlace(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  return (
    droppedColumns(type, before, after) ??
    lifecycle(type, before, after) ??
    shorterRetention(type, before, after) ??
    outage(type, before, after)
  );
}

function droppedColumns(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  if (type !== "google_bigquery_table") return undefined;
  const external =
    arrayOf(before["external_data_configuration"]).length > 0 || arrayOf(before["view"]).length > 0;
  if (!mayDropColumns(before["schema"], after["schema"])) return undefined;
  const kept = new Set(columnsIn(after["schema"])?.map(({ name }) => name));
  if (external || kept.size === 0) return undefined;
  const dropped = (columnsIn(before["schema"]) ?? []).flatMap(({ name }) =>
    kept.has(name) ? [] : (textOf(name) ?? []),
  );
  if (dropped.length === 0) return undefined;
  return {
    class: "lost",
    reason: `the values of ${dropped.length === 1 ? "column" : "columns"} ${dropped.join(", ")} are deleted`,
    wayBack: "backfill from the lake",
  };
}

/** Most schemas do not change, or get columns at their end, so that parsing is not required. */
function mayDropColumns(before: Json | undefined, after: Json | undefined): boolean {
  if (before === after || typeof before !== "string" || typeof after !== "string") return before !== after;
  return !after.startsWith(before.slice(0, before.lastIndexOf("]")));
}

const thresholds = [
  "age",
  "days_since_noncurrent_time",
  "num_newer_versions",
  "days_since_custom_time",
] as const;

/** Lifecycle rules that are new, or delete objects earlier. */
function lifecycle(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  if (type !== "google_storage_bucket" || before["lifecycle_rule"] === after["lifecycle_rule"])
    return undefined;
  const old = deletionRules(before);
  const reasons = deletionRules(after).flatMap((rule) => {
    if (old.some((other) => equal(rule, other))) return [];
    const same = old.find((other) => equal(withoutThresholds(rule), withoutThresholds(other)));
    const limits = thresholds.flatMap((name): string[] => {
      const [is, was] = [numberOf(rule[name]), numberOf(same?.[name])];
      if (is === undefined || (was !== undefined && is >= was)) return [];
      return [`${thresholdText(name, is)}${was === undefined ? "" : ` (previously ${was})`}`];
    });
    if (limits.length > 0) return [`a lifecycle rule deletes objects ${limits.join(" and ")}`];
    return same === undefined ? ["a new lifecycle rule deletes objects"] : [];
  });
  return reasons.length === 0 ? undefined : { class: "expires", reason: reasons.join("; ") };
}

function deletionRules(values: JsonObject): JsonObject[] {
  return arrayOf(values["lifecycle_rule"]).flatMap((rule) => {
    const { action, condition } = objectOf(rule);
    return blockOf(action)["type"] === "Delete" ? [blockOf(condition)] : [];
  });
}

function withoutThresholds(rule: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(rule).filter(
      ([name, value]) => !thresholds.some((one) => one === name) && value !== false && value !== 0,
    ),
  );
}

function thresholdText(name: (typeof thresholds)[number], value: number): string {
  switch (name) {
    case "age":
      return `after ${value} days`;
    case "days_since_noncurrent_time":
      return `${value} days after they are overwritten`;
    case "num_newer_versions":
      return `with ${value} newer versions`;
    case "days_since_custom_time":
      return `${value} days after their custom time`;
  }
}

/** Paths of durations after which data is deleted. */
const retentions: Readonly<
  Record<string, readonly (readonly [path: string, what: string, unset: "never" | "default"])[]>
> = {
  google_bigquery_table: [
    ["time_partitioning.expiration_ms", "partitions", "never"],
    ["expiration_time", "the table", "never"],
  ],
  google_bigquery_dataset: [
    ["default_table_expiration_ms", "new tables", "never"],
    ["default_partition_expiration_ms", "partitions of new tables", "never"],
  ],
  google_pubsub_topic: [["message_retention_duration", "messages", "default"]],
  google_pubsub_subscription: [["message_retention_duration", "messages", "default"]],
  google_logging_project_bucket_config: [["retention_days", "log entries", "default"]],
  google_secret_manager_secret: [
    ["ttl", "the secret", "never"],
    ["expire_time", "the secret", "never"],
  ],
  google_managed_kafka_topic: [["configs.retention.ms", "messages", "default"]],
  aws_sqs_queue: [["message_retention_seconds", "messages", "default"]],
  aws_cloudwatch_log_group: [["retention_in_days", "log entries", "never"]],
};

function shorterRetention(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  for (const [path, what, unset] of retentions[type] ?? []) {
    const [was, is] = [at(before, path), at(after, path)];
    const [old, fresh] = [numberOf(was), numberOf(is)];
    const sooner =
      fresh !== undefined && fresh > 0 && (old === undefined || old <= 0 ? unset === "never" : fresh < old);
    if (sooner)
      return {
        class: "expires",
        reason:
          `${what} are deleted after ${duration(path, is)} (previously ${old === undefined || old <= 0 ? "never" : duration(path, was)})`.replace(
            /^(the \w+) are/,
            "$1 is",
          ),
      };
  }
  return undefined;
}

function duration(path: string, value: Json | undefined): string {
  const amount = numberOf(value) ?? 0;
  if (path.endsWith("expiration_time")) return new Date(amount).toISOString().slice(0, 10);
  const days = path.endsWith("ms") ? amount / 86_400_000 : path.includes("days") ? amount : amount / 86_400;
  if (path === "expire_time") return (textOf(value) ?? "").slice(0, 10);
  return days >= 1 ? `${Number(days.toFixed(1))} days` : `${Number((days * 24).toFixed(1))} hours`;
}

/** Attributes whose change causes an outage. */
const restarts: Readonly<Record<string, { readonly paths: readonly string[]; readonly reason: string }>> = {
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
};

function outage(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  const restart = restarts[type];
  if (restart === undefined) return undefined;
  const changed = restart.paths.filter((path) => !equal(at(before, path), at(after, path)));
  if (changed.length === 0 || isResumed(type, after)) return undefined;
  return { class: "outage", reason: `${restart.reason} (${changed.join(", ")})` };
}

/** Resuming is not an outage. */
function isResumed(type: string, after: JsonObject): boolean {
  return (
    (type === "google_cloud_scheduler_job" && after["paused"] !== true) ||
    (type === "google_storage_transfer_job" && after["status"] === "ENABLED")
  );
}

/** The value at a path. Blocks are lists with one element in Terraform's JSON. */
export function at(values: Json | undefined, path: string): Json | undefined {
  let value = values;
  for (const name of stepsOf(path)) {
    const one: Json | undefined = isArray(value) ? value[0] : value;
    if (!isObject(one)) return undefined;
    value = one[name];
  }
  return value;
}

/** The names in a path. */
export function stepsOf(path: string): readonly string[] {
  let steps = splitPaths.get(path);
  if (steps === undefined) splitPaths.set(path, (steps = path.split(".")));
  return steps;
}

/** Cache for the few dozen paths in the tables of the code. */
const splitPaths = new Map<string, readonly string[]>();

/** A number, or a number in a text such as `604800s`. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  const text = textOf(value);
  if (text === undefined || !/^\d/.test(text)) return undefined;
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.parseFloat(text);
  return Number.isNaN(date) ? undefined : date;
}
