import { remove, reportOf, update } from "../support/plan-json";

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
