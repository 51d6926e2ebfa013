import { equal, isEmpty } from "../diff/equal";
import type { Json, JsonObject } from "../json";
import type { ProtectionChange } from "../report/assessment";
import { at, stepsOf } from "./path";
import { referenceOf, type Row } from "./rows";

/** Protections that changes weaken or strengthen, for resources that are kept. */
export function protectionChanges(changed: readonly Row[]): ProtectionChange[] {
  return changed
    .flatMap((row) => [...compared(row), ...removed(row)])
    .sort((one, other) => Number(other.kind === "weakened") - Number(one.kind === "weakened"));
}

interface Protection {
  readonly path: string;
  readonly what: string;
  /** Strength of a value; a lower number is a weaker protection. */
  readonly strength: (value: Json | undefined) => number;
  /** Text of a value. @default - the value itself */
  readonly shown?: (value: Json | undefined) => string;
  /** @default - all types */
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

/** Number of policy tags in the JSON schema of a BigQuery table. */
const policyTags = (schema: Json | undefined) =>
  typeof schema === "string" ? (schema.match(/"policyTags":\s*\{\s*"names":\s*\[\s*"/g) ?? []).length : 0;

const protections: readonly Protection[] = [
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

/** By the first attribute of their paths, because most attributes of a change are equal on both sides. */
const byAttribute = new Map<string, Protection[]>();
for (const protection of protections) {
  const [first = ""] = stepsOf(protection.path);
  byAttribute.set(first, [...(byAttribute.get(first) ?? []), protection]);
}

function compared(row: Row): ProtectionChange[] {
  if (row.action !== "update" && row.action !== "replace") return [];
  const { before, after } = row;
  const found: ProtectionChange[] = [];
  const add = (name: string) => {
    if (before[name] === after[name]) return;
    for (const protection of byAttribute.get(name) ?? []) found.push(...changeOf(row, protection));
  };
  for (const name in before) add(name);
  for (const name in after) if (!(name in before)) add(name);
  return found;
}

function changeOf(row: Row, { path, what, strength, type, shown = text }: Protection): ProtectionChange[] {
  const [old, fresh] = [at(row.before, path), at(row.after, path)];
  if (equal(old, fresh) || type?.test(row.resource.type) === false || isUnknown(row, path)) return [];
  const [was, is] = [strength(old), strength(fresh)];
  if (was === is) return [];
  const isSwitch = strength === on || strength === off || strength === set;
  const kind = is < was ? "weakened" : "strengthened";
  const verb = isSwitch ? (is < was ? "disabled" : "enabled") : kind;
  const values = isSwitch ? "" : ` (${shown(old)} -> ${shown(fresh)})`;
  return [{ ...referenceOf(row), kind, what: `${what} ${verb}${values}` }];
}

/** An unknown value does not count as disabled. */
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

/** Resources that are themselves protections. */
const guardians: readonly (readonly [type: RegExp, what: (values: JsonObject) => string])[] = [
  [/^google_\w+_iam_audit_config$/, () => "audit logs"],
  [/^google_bigquery_row_access_policy$/, () => "row access policy"],
  [/^google_org_policy_policy$|_organization_policy$/, () => "organization policy"],
  [/^google_monitoring_alert_policy$/, () => "alert policy"],
  [/^google_billing_budget$/, () => "budget alert"],
  [/^google_logging_(?:project|folder|organization)_sink$/, () => "log sink"],
  [/^google_access_context_manager_service_perimeter$/, () => "service perimeter"],
  [/^aws_s3_bucket_public_access_block$/, () => "public access block"],
  [/^google_compute_firewall$/, ({ deny }) => (isEmpty(deny) ? "" : "deny rule of a firewall")],
  [/^google_resource_manager_lien$|_backup_(?:plan|policy)$/, () => "lien or backup plan"],
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
