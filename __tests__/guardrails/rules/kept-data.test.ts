import { GcsBackend, S3Backend, type TerraformStack } from "cdktf";
import { checkStacks, keptData } from "../../../guardrails";
import { type Case, inApp, type Resources, said, stackWith } from "../support";

const ageFix = "limit the rule to other prefixes or to noncurrent versions";
const table: Resources = {
  google_bigquery_table: {
    trips: { external_data_configuration: { source_uris: ["gs://my-lake/raw/trips/*"] } },
  },
};
const rule = (condition: object, type = "Delete") => ({ action: { type }, condition });
const lake = (...lifecycle_rule: object[]): Resources => ({
  ...table,
  google_storage_bucket: { lake: { name: "my-lake", lifecycle_rule } },
});
const transfer = (transfer_spec: object): Resources => ({
  ...table,
  google_storage_transfer_job: { copy: { transfer_spec } },
});
const reads = "but test/google_bigquery_table.trips reads gs://my-lake/raw/trips/*";

const broken: readonly Case[] = [
  [
    "a rule for the whole bucket",
    lake(rule({ age: 30 })),
    [`test/google_storage_bucket.lake deletes all objects by age, ${reads} | ${ageFix}`],
  ],
  [
    "a rule for the start of the prefix that is read",
    lake(rule({ age: 30, matches_prefix: ["landing/", "raw/tr"] })),
    [`test/google_storage_bucket.lake deletes objects under raw/tr by age, ${reads} | ${ageFix}`],
  ],
  [
    "a rule for a part of what is read",
    lake(rule({ age: 30, matches_prefix: ["raw/trips/year=2019/"] })),
    [
      `test/google_storage_bucket.lake deletes objects under raw/trips/year=2019/ by age, ${reads} | ${ageFix}`,
    ],
  ],
  [
    "a rule for objects with an ending",
    lake(rule({ age: 30, matches_suffix: [".parquet"] })),
    [`test/google_storage_bucket.lake deletes all objects that end in .parquet by age, ${reads} | ${ageFix}`],
  ],
  [
    "a rule for current and noncurrent versions",
    lake(rule({ age: 30, with_state: "ANY" })),
    [`test/google_storage_bucket.lake deletes all objects by age, ${reads} | ${ageFix}`],
  ],
  [
    "a transfer that deletes what its source does not have",
    transfer({
      gcs_data_sink: { bucket_name: "my-lake", path: "raw/" },
      transfer_options: { delete_objects_unique_in_sink: true },
    }),
    [
      `test/google_storage_transfer_job.copy deletes objects under raw/ that are not in its source, ${reads} | ` +
        "remove delete_objects_unique_in_sink, or copy to a prefix that nothing reads",
    ],
  ],
  [
    "a transfer that deletes its source",
    transfer({
      gcs_data_source: { bucket_name: "my-lake" },
      transfer_options: { delete_objects_from_source_after_transfer: true },
    }),
    [
      `test/google_storage_transfer_job.copy deletes all objects after the transfer, ${reads} | ` +
        "remove delete_objects_from_source_after_transfer",
    ],
  ],
];

test.each(broken)("keptData finds %s", (_, resources, expected) => {
  expect(said(keptData(), resources)).toEqual(expected);
});

test("keptData accepts rules and transfers that delete nothing that is read", () => {
  const kept = lake(
    rule({ age: 30, matches_prefix: ["landing/", "raw/trips_old/"] }),
    rule({ with_state: "ARCHIVED", age: 30 }),
    rule({ num_newer_versions: 3 }),
    rule({ days_since_noncurrent_time: 7 }),
    rule({ noncurrent_time_before: "2020-01-01" }),
    rule({ age: 1 }, "SetStorageClass"),
  );
  expect(said(keptData(), kept)).toEqual([]);
  const copied = transfer({
    gcs_data_sink: { bucket_name: "my-lake", path: "landing/" },
    gcs_data_source: { bucket_name: "their-lake" },
    transfer_options: {
      delete_objects_unique_in_sink: true,
      delete_objects_from_source_after_transfer: true,
    },
  });
  expect(said(keptData(), copied)).toEqual([]);
});

test("keptData finds deletions of objects that additional readers need", () => {
  const readers = [{ name: "the ingest job", uri: "gs://my-lake/manifests/*" }];
  expect(said(keptData({ readers }), lake(rule({ age: 30, matches_prefix: ["manifests/"] })))).toEqual([
    `test/google_storage_bucket.lake deletes objects under manifests/ by age, but the ingest job reads gs://my-lake/manifests/* | ${ageFix}`,
  ]);
});

describe("keptData and Terraform's state on Cloud Storage", () => {
  const state = (condition: object): Resources => ({
    google_storage_bucket: { state: { name: "my-state", lifecycle_rule: [rule(condition)] } },
  });
  const gcs = (prefix?: string) => (stack: TerraformStack) => {
    new GcsBackend(stack, { bucket: "my-state", prefix });
  };

  test.each([
    ["a rule for the whole bucket", { age: 30 }, "all objects", "prod/lake"],
    ["a rule for its prefix", { age: 30, matches_prefix: ["prod/"] }, "objects under prod/", "prod/lake"],
    [
      "a rule for its ending",
      { age: 30, matches_suffix: ["state"] },
      "all objects that end in state",
      "prod/lake",
    ],
    [
      "a rule for the ending of every state",
      { age: 30, matches_suffix: [".tfstate"] },
      "all objects that end in .tfstate",
      "prod/lake",
    ],
    [
      "a rule where the state has no prefix",
      { age: 30, matches_prefix: ["def"] },
      "objects under def",
      undefined,
    ],
  ])("finds %s", (_, condition, what, prefix) => {
    expect(said(keptData(), state(condition), gcs(prefix))).toEqual([
      `test/google_storage_bucket.state deletes ${what} by age, but the state of test is there | ${ageFix}`,
    ]);
  });

  test("reports a rule once for all stacks whose state it deletes", () => {
    const found = inApp((app) => {
      const stacks = [stackWith(app, "one", state({ age: 30 })), stackWith(app, "two", {})];
      for (const stack of stacks) new GcsBackend(stack, { bucket: "my-state", prefix: stack.node.id });
      return checkStacks(stacks, [keptData()]);
    });
    expect(found.map((one) => `${one.path} ${one.found}`)).toEqual([
      "one/google_storage_bucket.state deletes all objects by age, but the state of one, two is there",
    ]);
  });

  test("finds a transfer into the bucket", () => {
    const resources: Resources = {
      google_storage_transfer_job: {
        copy: {
          transfer_spec: {
            gcs_data_sink: { bucket_name: "my-state" },
            transfer_options: { delete_objects_unique_in_sink: true },
          },
        },
      },
    };
    expect(said(keptData(), resources, gcs("prod/lake"))).toEqual([
      "test/google_storage_transfer_job.copy deletes all objects that are not in its source, but the state of test is there | " +
        "remove delete_objects_unique_in_sink, or copy to a prefix that nothing reads",
    ]);
  });

  test.each([
    ["old versions", { num_newer_versions: 20 }],
    ["another prefix", { age: 30, matches_prefix: ["dev/"] }],
    ["another ending", { age: 30, matches_suffix: [".tmp"] }],
  ])("accepts a rule for %s", (_, condition) => {
    expect(said(keptData(), state(condition), gcs("prod/lake"))).toEqual([]);
  });
});

describe("keptData and Terraform's state on S3", () => {
  const state = (rule: object): Resources => ({
    aws_s3_bucket_lifecycle_configuration: { state: { bucket: "my-state", rule: [{ id: "old", ...rule }] } },
  });
  const s3 = (stack: TerraformStack) => {
    new S3Backend(stack, { bucket: "my-state", key: "prod/lake.tfstate", region: "eu-central-1" });
  };

  test.each([
    ["the whole bucket", { status: "Enabled", expiration: { days: 30 } }, "all objects"],
    [
      "a filter",
      { status: "Enabled", expiration: [{ date: "2030-01-01" }], filter: [{ prefix: "prod/" }] },
      "objects under prod/",
    ],
    [
      "a filter with tags",
      { status: "Enabled", expiration: { days: 30 }, filter: { and: { prefix: "prod/l" } } },
      "objects under prod/l",
    ],
    ["a prefix", { status: "Enabled", expiration: { days: 30 }, prefix: "prod" }, "objects under prod"],
  ])("finds an expiration for %s", (_, rule, what) => {
    expect(said(keptData(), state(rule), s3)).toEqual([
      `test/aws_s3_bucket_lifecycle_configuration.state deletes ${what} by age, but the state of test is there | ${ageFix}`,
    ]);
  });

  test.each([
    ["is disabled", { status: "Disabled", expiration: { days: 30 } }],
    [
      "is for noncurrent versions",
      { status: "Enabled", noncurrent_version_expiration: { noncurrent_days: 30 } },
    ],
    ["is for another prefix", { status: "Enabled", expiration: { days: 30 }, filter: { prefix: "dev/" } }],
  ])("accepts an expiration that %s", (_, rule) => {
    expect(said(keptData(), state(rule), s3)).toEqual([]);
  });
});
