import type { JsonObject } from "../../../preview/json";
import { remove, reportOf, update } from "../support/plan-json";
import { bucket, table } from "../support/small-app";

const schema = (tags: JsonObject) => JSON.stringify([{ name: "email", type: "STRING", ...tags }]);
const tagged = schema({ policyTags: { names: ["projects/p/taxonomies/1/policyTags/2"] } });

test.each<[string, JsonObject, JsonObject, string]>([
  [
    "google_storage_bucket",
    { ...bucket, force_destroy: false },
    { force_destroy: true },
    "(force_destroy) disabled",
  ],
  [
    "google_kms_crypto_key",
    { name: "k", rotation_period: "7776000s" },
    { rotation_period: null },
    "key rotation disabled",
  ],
  [
    "google_firestore_database",
    { name: "d", delete_protection_state: "DELETE_PROTECTION_ENABLED" },
    { delete_protection_state: "DELETE_PROTECTION_DISABLED" },
    "deletion protection weakened",
  ],
  [
    "google_redis_instance",
    { name: "r", auth_enabled: true },
    { auth_enabled: false },
    "authentication disabled",
  ],
  ["google_compute_subnetwork", { name: "s", log_config: [{}] }, { log_config: [] }, "flow logs disabled"],
  [
    "google_org_policy_policy",
    { name: "p", spec: [{ rules: [{ enforce: "TRUE" }] }] },
    { spec: [{ rules: [{ enforce: "FALSE" }] }] },
    "organization policy disabled",
  ],
  [
    "google_access_context_manager_service_perimeter",
    { name: "p", status: [{ restricted_services: ["a", "b"] }] },
    { status: [{ restricted_services: ["a"] }] },
    "number of services in the perimeter weakened (2 -> 1)",
  ],
  [
    "google_monitoring_alert_policy",
    { display_name: "a", notification_channels: ["c"] },
    { notification_channels: [] },
    "notification channels disabled",
  ],
  ["google_logging_project_sink", { name: "s", disabled: false }, { disabled: true }, "log sink disabled"],
  [
    "google_bigquery_table",
    { ...table, schema: tagged },
    { schema: schema({}) },
    "policy tag of email removed",
  ],
  [
    "aws_s3_bucket_versioning",
    { versioning_configuration: [{ status: "Enabled" }] },
    { versioning_configuration: [{ status: "Suspended" }] },
    "versioning weakened (Enabled -> Suspended)",
  ],
  [
    "aws_instance",
    { metadata_options: [{ http_tokens: "required" }] },
    { metadata_options: [{ http_tokens: "optional" }] },
    "required tokens for metadata weakened (required -> optional)",
  ],
])("a weaker protection of %s is reported, and a stronger one as such", (type, before, change, what) => {
  const weaker = reportOf([update(`${type}.x`, before, change)]).protections;
  expect(weaker).toMatchObject([{ kind: "weakened", what: expect.stringContaining(what) as string }]);
  const stronger = reportOf([update(`${type}.x`, { ...before, ...change }, before)]).protections;
  expect(stronger.filter(({ kind }) => kind === "weakened")).toEqual([]);
});

test.each([
  "google_iam_deny_policy",
  "google_project_iam_audit_config",
  "google_bigquery_row_access_policy",
  "google_compute_security_policy",
  "aws_cloudtrail",
])("a deleted %s is reported as a weaker protection", (type) => {
  expect(reportOf([remove(`${type}.x`, { name: "n" })]).protections).toMatchObject([{ kind: "weakened" }]);
});
