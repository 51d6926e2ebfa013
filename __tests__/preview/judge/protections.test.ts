import type { JsonObject } from "../../../preview/json";
import { remove, reportOf, update } from "../support/plan-json";
import { bucket } from "../support/small-app";

const protectionsOf = (...entries: Parameters<typeof reportOf>[0]) =>
  reportOf(entries).protections.map(({ address, kind, what }) => [address, kind, what]);

const tag = (number: number) => `projects/p/locations/eu/taxonomies/1/policyTags/${number}`;
const schema = (...tags: readonly number[]) =>
  JSON.stringify(
    ["email", "phone"].map((name, index) => ({
      name,
      type: "STRING",
      ...(tags[index] !== undefined && { policyTags: { names: [tag(tags[index])] } }),
    })),
  );
const table = { table_id: "t", dataset_id: "d", schema: schema(1, 2) };

test("a table with fewer policy tags is less protected, one with more is better protected", () => {
  expect(protectionsOf(update("google_bigquery_table.t", table, { schema: schema(1) }))).toEqual([
    ["google_bigquery_table.t", "weakened", "policy tags of columns weakened (2 -> 1)"],
  ]);
  expect(
    protectionsOf(update("google_bigquery_table.t", { ...table, schema: schema() }, { schema: schema(1) })),
  ).toEqual([["google_bigquery_table.t", "strengthened", "policy tags of columns strengthened (0 -> 1)"]]);
  expect(protectionsOf(update("google_bigquery_table.t", table, { schema: schema(3, 2) }))).toEqual([]);
});

test("a deleted row access policy and deleted audit logs weaken the protection", () => {
  expect(
    protectionsOf(
      remove("google_bigquery_row_access_policy.r", { policy_id: "europe", table_id: "t", dataset_id: "d" }),
      remove("google_project_iam_audit_config.a", { project: "p", service: "storage.googleapis.com" }),
    ).sort(),
  ).toEqual([
    ["google_bigquery_row_access_policy.r", "weakened", "row access policy deleted"],
    ["google_project_iam_audit_config.a", "weakened", "audit logs deleted"],
  ]);
});

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
  "google_bigquery_row_access_policy",
  "google_compute_security_policy",
  "aws_cloudtrail",
])("a deleted %s is reported as a weaker protection", (type) => {
  expect(reportOf([remove(`${type}.x`, { name: "n" })]).protections).toMatchObject([{ kind: "weakened" }]);
});
