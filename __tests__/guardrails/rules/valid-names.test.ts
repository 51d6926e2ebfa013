import { checkStacks, validNames } from "../../../guardrails";
import { type Case, inApp, said, stackWith } from "../support";

const lowercase = (least: number, most: number) =>
  `${least} to ${most} lowercase letters, digits, and hyphens, and starts with a letter`;
const label = [`aa`, ["My-net", "my_net", "1net", "net-", "a".repeat(64)], lowercase(1, 63)] as const;
const bigquery = [
  "my_table",
  ["my-table", "a.b", "a".repeat(1025)],
  "at most 1024 letters, digits, and underscores",
] as const;

/** Each type: its argument, a valid name, names that are not, and the form in words. */
const types: readonly (readonly [
  type: string,
  attribute: string,
  valid: string,
  invalid: readonly string[],
  words: string,
])[] = [
  ["aws_iam_role", "name", "dev.role@x", ["a b", "a".repeat(65)], "at most 64 letters, digits, and +=,.@_-"],
  [
    "aws_sqs_queue",
    "name",
    "dev_q-1",
    ["a.b", "a".repeat(81)],
    "at most 80 letters, digits, hyphens, and underscores",
  ],
  ["google_artifact_registry_repository", "repository_id", ...label],
  ["google_bigquery_dataset", "dataset_id", ...bigquery],
  ["google_bigquery_table", "table_id", ...bigquery],
  ["google_cloud_run_v2_job", "name", "my-job", ["Job", "job-", "a".repeat(50)], lowercase(1, 49)],
  [
    "google_cloud_scheduler_job",
    "name",
    "My_job-1",
    ["a.b", "a".repeat(501)],
    "at most 500 letters, digits, hyphens, and underscores",
  ],
  ["google_compute_firewall", "name", ...label],
  ["google_compute_global_address", "name", ...label],
  ["google_compute_network", "name", ...label],
  ["google_compute_subnetwork", "name", ...label],
  [
    "google_iam_workload_identity_pool",
    "workload_identity_pool_id",
    "dev-github",
    ["gcp-github", "abc", "Dev-github", "a".repeat(33)],
    "4 to 32 lowercase letters, digits, and hyphens, and does not start with gcp-",
  ],
  [
    "google_project_iam_custom_role",
    "role_id",
    "dev_deploy.v1",
    ["ab", "dev-deploy", "a".repeat(65)],
    "3 to 64 letters, digits, periods, and underscores",
  ],
  [
    "google_service_account",
    "account_id",
    "dev-ingest",
    ["short", "Ingest-job", "a".repeat(31)],
    lowercase(6, 30),
  ],
  [
    "google_sql_database_instance",
    "name",
    "dev-postgres-1",
    ["Postgres", "1p", "a".repeat(85)],
    lowercase(1, 84),
  ],
  [
    "google_storage_bucket",
    "name",
    "my.lake_1",
    ["ab", "My-lake", "google-lake", "a".repeat(64)],
    "3 to 63 lowercase letters, digits, hyphens, periods, and underscores, and does not start with goog",
  ],
  [
    "google_storage_transfer_job",
    "name",
    "transferJobs/trips",
    ["trips", "transferJobs/OPI1", `transferJobs/${"a".repeat(129)}`],
    "transferJobs/ and at most 128 letters, digits, hyphens, and underscores",
  ],
  [
    "google_workflows_workflow",
    "name",
    "Ingest_trips-1",
    ["1st", "a.b", "a".repeat(65)],
    "at most 64 letters, digits, hyphens, and underscores, and starts with a letter",
  ],
];

const invalid = types.flatMap(([type, attribute, , names, words]) =>
  names.map((name): Case => [
    `"${name}" for a ${type}`,
    { [type]: { one: { [attribute]: name } } },
    [`test/${type}.one has the name "${name}", which is not valid | the name of a ${type} has ${words}`],
  ]),
);

test.each(invalid)("validNames finds %s", (_, resources, expected) => {
  expect(said(validNames(), resources)).toEqual(expected);
});

test.each(types)(
  "validNames finds two of a %s with the same %s, in different stacks",
  (type, attribute, name) => {
    const found = inApp((app) => {
      const resource = { [type]: { one: { [attribute]: name } } };
      return checkStacks(
        [stackWith(app, "first", resource), stackWith(app, "second", resource)],
        [validNames()],
      );
    });
    expect(found).toEqual([
      {
        path: `second/${type}.one`,
        found: `has the name "${name}", which first/${type}.one also has`,
        fix: "give each a unique name",
      },
    ]);
  },
);

test("validNames accepts valid names, the same in two types or datasets, and names that Terraform computes", () => {
  const valid = Object.fromEntries(
    types.map(([type, attribute, name]) => [
      type,
      { one: { [attribute]: name }, two: { [attribute]: "${var.name}" } },
    ]),
  );
  const tables = {
    google_bigquery_table: {
      raw: { dataset_id: "raw", table_id: "trips" },
      core: { dataset_id: "core", table_id: "trips" },
    },
  };
  expect(said(validNames(), { ...valid, ...tables })).toEqual([]);
});
