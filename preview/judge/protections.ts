import { equal, isEmpty } from "../diff/equal";
import type { Json, JsonObject } from "../json";
import type { ProtectionChange } from "../report/assessment";
import { at, stepsOf } from "./path";
import { enforced, off, on, type Protection, protections, set } from "./protection-table";
import { referenceOf, type Row } from "./rows";

/** Protections that changes weaken or strengthen, for resources that are kept. */
export function protectionChanges(changed: readonly Row[]): ProtectionChange[] {
  return changed
    .flatMap((row) => [...compared(row), ...removed(row)])
    .sort((one, other) => Number(other.kind === "weakened") - Number(one.kind === "weakened"));
}

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
  const isSwitch = strength === on || strength === off || strength === set || strength === enforced;
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
  [/^google_org_policy_policy$|_organization_policy$/, () => "organization policy"],
  [/^google_monitoring_alert_policy$/, () => "alert policy"],
  [/^google_billing_budget$/, () => "budget alert"],
  [/^google_logging_(?:project|folder|organization)_sink$/, () => "log sink"],
  [/^google_access_context_manager_service_perimeter$/, () => "service perimeter"],
  [/^aws_s3_bucket_public_access_block$/, () => "public access block"],
  [/^google_compute_firewall$/, ({ deny }) => (isEmpty(deny) ? "" : "deny rule of a firewall")],
  [/^google_iam_deny_policy$/, () => "deny policy"],
  [/^google_iam_principal_access_boundary_policy$|_policy_binding$/, () => "access boundary"],
  [/^google_bigquery_row_access_policy$/, () => "row access policy"],
  [/^google_bigquery_datapolicy\w*_data_policy$/, () => "masking of columns"],
  [/^google_data_catalog_policy_tag$/, () => "policy tag of columns"],
  [/^google_compute_(?:region_)?security_policy(?:_rule)?$/, () => "Cloud Armor policy"],
  [/^google_monitoring_(?:notification_channel|uptime_check_config)$/, () => "notification or uptime check"],
  [
    /^aws_(?:cloudtrail|guardduty_detector|config_configuration_recorder|flow_log)$/,
    () => "audit or detection",
  ],
  [/^aws_cloudwatch_(?:metric|composite)_alarm$/, () => "alarm"],
  [/^aws_organizations_policy(?:_attachment)?$/, () => "organization policy"],
  [/^aws_s3_bucket_(?:server_side_encryption|object_lock)_configuration$/, () => "encryption or object lock"],
  [/^aws_s3_bucket_versioning$/, () => "versioning"],
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
