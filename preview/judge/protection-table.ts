import { isEmpty } from "../diff/equal";
import { arrayOf, type Json } from "../json";

/** An attribute that protects data or access. */
export interface Protection {
  readonly path: string;
  readonly what: string;
  /** Strength of a value; a lower number is a weaker protection. */
  readonly strength: (value: Json | undefined) => number;
  /** Text of a value. @default - the value itself */
  readonly shown?: (value: Json | undefined) => string;
  /** @default - all types */
  readonly type?: RegExp;
}

export const on = (value: Json | undefined) => Number(value === true);
export const off = (value: Json | undefined) => Number(value !== true);
export const set = (value: Json | undefined) => Number(!isEmpty(value));
const amount = (value: Json | undefined) =>
  value === undefined || value === null
    ? 0
    : Number.parseFloat(JSON.stringify(value).replaceAll('"', "")) || 0;
const count = (value: Json | undefined) => arrayOf(value).length;
export const enforced = (value: Json | undefined) => Number(value === true || value === "TRUE");
const rank =
  (...order: readonly string[]) =>
  (value: Json | undefined) =>
    typeof value === "string" ? order.indexOf(value) : -1;

/** Number of policy tags in the JSON schema of a BigQuery table. */
const policyTags = (schema: Json | undefined) =>
  typeof schema === "string" ? (schema.match(/"policyTags":\s*\{\s*"names":\s*\[\s*"/g) ?? []).length : 0;

/** Attributes that protect data or access. */
export const protections: readonly Protection[] = [
  { path: "lifecycle.prevent_destroy", what: "prevent_destroy", strength: on },
  { path: "deletion_protection", what: "deletion protection", strength: on },
  { path: "deletion_protection_enabled", what: "deletion protection", strength: on },
  { path: "settings.deletion_protection_enabled", what: "deletion protection of the API", strength: on },
  { path: "enable_drop_protection", what: "drop protection", strength: on },
  { path: "force_destroy", what: "protection of contents on deletion (force_destroy)", strength: off },
  {
    path: "delete_contents_on_destroy",
    what: "protection of contents on deletion (delete_contents_on_destroy)",
    strength: off,
  },
  { path: "skip_final_snapshot", what: "final snapshot", strength: off },
  {
    path: "public_access_prevention",
    what: "public access prevention",
    strength: rank("inherited", "enforced"),
  },
  { path: "uniform_bucket_level_access", what: "uniform bucket-level access", strength: on },
  { path: "versioning.enabled", what: "versioning", strength: on },
  { path: "retention_policy.retention_period", what: "retention policy", strength: amount },
  { path: "soft_delete_policy.retention_duration_seconds", what: "soft delete", strength: amount },
  { path: "max_time_travel_hours", what: "time travel", strength: amount },
  { path: "encryption.default_kms_key_name", what: "customer-managed encryption key", strength: set },
  {
    path: "encryption_configuration.kms_key_name",
    what: "customer-managed encryption key",
    strength: set,
  },
  {
    path: "default_encryption_configuration.kms_key_name",
    what: "customer-managed encryption key",
    strength: set,
  },
  { path: "encryption_key_name", what: "customer-managed encryption key", strength: set },
  { path: "kms_key_name", what: "customer-managed encryption key", strength: set },
  { path: "kms_key_id", what: "customer-managed encryption key", strength: set },
  { path: "storage_encrypted", what: "encryption", strength: on },
  { path: "settings.ip_configuration.require_ssl", what: "TLS", strength: on },
  {
    path: "settings.ip_configuration.ssl_mode",
    what: "TLS",
    strength: rank(
      "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
      "ENCRYPTED_ONLY",
      "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
    ),
  },
  { path: "settings.backup_configuration.enabled", what: "backups", strength: on },
  {
    path: "settings.backup_configuration.point_in_time_recovery_enabled",
    what: "point-in-time recovery",
    strength: on,
  },
  {
    path: "settings.backup_configuration.backup_retention_settings.retained_backups",
    what: "number of retained backups",
    strength: amount,
  },
  {
    path: "settings.backup_configuration.transaction_log_retention_days",
    what: "days of point-in-time recovery logs",
    strength: amount,
  },
  { path: "settings.availability_type", what: "high availability", strength: rank("ZONAL", "REGIONAL") },
  { path: "backup_retention_period", what: "backup retention in days", strength: amount },
  { path: "logging.log_bucket", what: "access logs", strength: set },
  { path: "log_config.enable", what: "logs", strength: on, type: /firewall|subnetwork/ },
  { path: "private_ip_google_access", what: "Private Google Access", strength: on },
  { path: "disabled", what: "firewall rule", strength: off, type: /firewall/ },
  { path: "log_config", what: "flow logs", strength: set, type: /subnetwork/ },
  {
    path: "delete_protection_state",
    what: "deletion protection",
    strength: rank("DELETE_PROTECTION_DISABLED", "DELETE_PROTECTION_ENABLED"),
  },
  {
    path: "point_in_time_recovery_enablement",
    what: "point-in-time recovery",
    strength: rank("POINT_IN_TIME_RECOVERY_DISABLED", "POINT_IN_TIME_RECOVERY_ENABLED"),
  },
  { path: "point_in_time_recovery.enabled", what: "point-in-time recovery", strength: on },
  {
    path: "deletion_policy",
    what: "deletion policy",
    strength: rank("DELETE", "ABANDON", "PREVENT"),
    type: /^google_project$/,
  },
  { path: "rotation_period", what: "key rotation", strength: set, type: /kms/ },
  { path: "enable_key_rotation", what: "key rotation", strength: on },
  { path: "version_destroy_ttl", what: "delayed destruction of versions", strength: set },
  { path: "recovery_window_in_days", what: "recovery window in days", strength: amount },
  { path: "disk_encryption_key.kms_key_self_link", what: "customer-managed encryption key", strength: set },
  { path: "kms_key", what: "customer-managed encryption key", strength: set },
  { path: "kms_key_arn", what: "customer-managed encryption key", strength: set },
  { path: "cmek_config.kms_key_name", what: "customer-managed encryption key", strength: set },
  { path: "auth_enabled", what: "authentication", strength: on, type: /redis|memorystore/ },
  { path: "transit_encryption_mode", what: "TLS", strength: rank("DISABLED", "SERVER_AUTHENTICATION") },
  { path: "transit_encryption_enabled", what: "TLS", strength: on },
  { path: "docker_config.immutable_tags", what: "immutable tags", strength: on },
  { path: "image_tag_mutability", what: "immutable tags", strength: rank("MUTABLE", "IMMUTABLE") },
  { path: "shielded_instance_config.enable_secure_boot", what: "secure boot", strength: on },
  {
    path: "enable_legacy_abac",
    what: "protection from legacy authorization (enable_legacy_abac)",
    strength: off,
  },
  { path: "master_authorized_networks_config", what: "authorized networks", strength: set },
  { path: "private_cluster_config.enable_private_nodes", what: "private nodes", strength: on },
  { path: "dead_letter_policy", what: "dead letter topic", strength: set },
  { path: "retain_acked_messages", what: "retention of acknowledged messages", strength: on },
  { path: "message_storage_policy", what: "regions where messages are stored", strength: set },
  {
    path: "notification_channels",
    what: "notification channels",
    strength: set,
    type: /alert_policy|budget/,
  },
  { path: "disabled", what: "log sink", strength: off, type: /_logging_\w+_sink$/ },
  {
    path: "spec.rules.enforce",
    what: "organization policy",
    strength: enforced,
    type: /^google_org_policy_policy$/,
  },
  { path: "boolean_policy.enforced", what: "organization policy", strength: on },
  {
    path: "status.restricted_services",
    what: "number of services in the perimeter",
    strength: count,
    shown: (value) => String(count(value)),
    type: /perimeter/,
  },
  {
    path: "audit_log_config",
    what: "number of audit log types",
    strength: count,
    shown: (value) => String(count(value)),
  },
  { path: "versioning_configuration.status", what: "versioning", strength: rank("Suspended", "Enabled") },
  {
    path: "metadata_options.http_tokens",
    what: "required tokens for metadata",
    strength: rank("optional", "required"),
  },
  { path: "permissions_boundary", what: "permissions boundary", strength: set },
  { path: "multi_az", what: "high availability", strength: on },
  {
    path: "schema",
    what: "policy tags of columns",
    strength: policyTags,
    shown: (schema) => String(policyTags(schema)),
    type: /^google_bigquery_table$/,
  },
  { path: "require_partition_filter", what: "required partition filter", strength: on },
  { path: "enabled", what: "alert policy", strength: on, type: /alert_policy/ },
  { path: "block_public_acls", what: "public access block", strength: on, type: /^aws_s3/ },
  { path: "block_public_policy", what: "public access block", strength: on, type: /^aws_s3/ },
  { path: "restrict_public_buckets", what: "public access block", strength: on, type: /^aws_s3/ },
  { path: "ignore_public_acls", what: "public access block", strength: on, type: /^aws_s3/ },
];
