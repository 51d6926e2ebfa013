import { equal, isEmpty } from "../diff/equal";
import type { Json, JsonObject } from "../json";
import type { ProtectionChange } from "../report";
import { at } from "./loss/in-place";
import { referenceOf, type Row } from "./rows";

/** Protections that the changed rows switch off or on, of resources that stay. */
export function protectionChanges(changed: readonly Row[]): ProtectionChange[] {
  return changed
    .flatMap((row) => [...compared(row), ...removed(row)])
    .sort((one, other) => Number(other.kind === "weakened") - Number(one.kind === "weakened"));
}

interface Protection {
  readonly path: string;
  readonly what: string;
  /** How strong a value is; a lower number protects less. */
  readonly strength: (value: Json | undefined) => number;
  /** @default - every type */
  readonly type?: RegExp;
}

const on = (value: Json | undefined) => Number(value === true);
const off = (value: Json | undefined) => Number(value !== true);
const set = (value: Json | undefined) => Number(!isEmpty(value));
const amount = (value: Json | undefined) =>
  value === undefined || value === null
    ? 0
    : Number.parseFloat(JSON.stringify(value).replaceAll('"', "")) || 0;
const rank =
  (...order: readonly string[]) =>
  (value: Json | undefined) =>
    typeof value === "string" ? order.indexOf(value) : -1;

const protections: readonly Protection[] = [
  { path: "deletion_protection", what: "deletion protection", strength: on },
  { path: "deletion_protection_enabled", what: "deletion protection", strength: on },
  { path: "settings.deletion_protection_enabled", what: "deletion protection of the API", strength: on },
  { path: "enable_drop_protection", what: "drop protection", strength: on },
  { path: "force_destroy", what: "refusal to delete with contents (force_destroy)", strength: off },
  {
    path: "delete_contents_on_destroy",
    what: "refusal to delete with contents (delete_contents_on_destroy)",
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
  { path: "encryption.default_kms_key_name", what: "encryption with a key of one's own", strength: set },
  {
    path: "encryption_configuration.kms_key_name",
    what: "encryption with a key of one's own",
    strength: set,
  },
  {
    path: "default_encryption_configuration.kms_key_name",
    what: "encryption with a key of one's own",
    strength: set,
  },
  { path: "encryption_key_name", what: "encryption with a key of one's own", strength: set },
  { path: "kms_key_name", what: "encryption with a key of one's own", strength: set },
  { path: "kms_key_id", what: "encryption with a key of one's own", strength: set },
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
    what: "number of backups kept",
    strength: amount,
  },
  {
    path: "settings.backup_configuration.transaction_log_retention_days",
    what: "days of point-in-time recovery",
    strength: amount,
  },
  { path: "settings.availability_type", what: "high availability", strength: rank("ZONAL", "REGIONAL") },
  { path: "backup_retention_period", what: "days of backups", strength: amount },
  { path: "logging.log_bucket", what: "access logs", strength: set },
  { path: "log_config.enable", what: "logs", strength: on, type: /firewall|subnetwork/ },
  { path: "private_ip_google_access", what: "private access to Google's services", strength: on },
  { path: "disabled", what: "the firewall's rule", strength: off, type: /firewall/ },
  { path: "require_partition_filter", what: "the partition filter that queries need", strength: on },
  { path: "enabled", what: "the alert", strength: on, type: /alert_policy/ },
  { path: "block_public_acls", what: "block of public access", strength: on, type: /^aws_s3/ },
  { path: "block_public_policy", what: "block of public access", strength: on, type: /^aws_s3/ },
  { path: "restrict_public_buckets", what: "block of public access", strength: on, type: /^aws_s3/ },
  { path: "ignore_public_acls", what: "block of public access", strength: on, type: /^aws_s3/ },
];

function compared(row: Row): ProtectionChange[] {
  if (row.action !== "update" && row.action !== "replace") return [];
  return protections.flatMap(({ path, what, strength, type }): ProtectionChange[] => {
    const [old, fresh] = [at(row.before, path), at(row.after, path)];
    if (equal(old, fresh) || type?.test(row.resource.type) === false || isUnknown(row, path)) return [];
    const [was, is] = [strength(old), strength(fresh)];
    if (was === is) return [];
    const values =
      strength === on || strength === off || strength === set ? "" : ` (${text(old)} -> ${text(fresh)})`;
    const verb =
      is < was
        ? values === ""
          ? "switched off"
          : "weakened"
        : values === ""
          ? "switched on"
          : "strengthened";
    return [
      { ...referenceOf(row), kind: is < was ? "weakened" : "strengthened", what: `${what} ${verb}${values}` },
    ];
  });
}

/** What the apply decides is not switched off. */
function isUnknown(row: Row, path: string): boolean {
  const [first = ""] = path.split(".");
  const { unknown } = row.resource;
  return at(unknown, path) === true || at(unknown, first) === true;
}

function text(value: Json | undefined): string {
  return value === undefined || value === null
    ? "not set"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
}

/** Resources that are protections themselves. */
const guardians: readonly (readonly [type: RegExp, what: (values: JsonObject) => string])[] = [
  [/^google_\w+_iam_audit_config$/, () => "audit logs"],
  [/^google_org_policy_policy$|_organization_policy$/, () => "an organization policy"],
  [/^google_monitoring_alert_policy$/, () => "an alert"],
  [/^google_billing_budget$/, () => "a budget's alert"],
  [/^google_logging_(?:project|folder|organization)_sink$/, () => "a log sink"],
  [/^google_access_context_manager_service_perimeter$/, () => "a service perimeter"],
  [/^aws_s3_bucket_public_access_block$/, () => "block of public access"],
  [/^google_compute_firewall$/, ({ deny }) => (isEmpty(deny) ? "" : "a firewall rule that denies")],
  [/^google_resource_manager_lien$|_backup_(?:plan|policy)$/, () => "a lien or backup plan"],
];

function removed(row: Row): ProtectionChange[] {
  if (row.action !== "delete" && row.action !== "forget") return [];
  const what = guardians.find(([type]) => type.test(row.resource.type))?.[1](row.before) ?? "";
  return what === ""
    ? []
    : [
        {
          ...referenceOf(row),
          kind: "weakened",
          what: `${what} ${row.action === "delete" ? "deleted" : "no longer managed"}`,
        },
      ];
}
