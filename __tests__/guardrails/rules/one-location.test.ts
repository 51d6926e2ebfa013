import { oneLocation } from "../../../guardrails";
import { type Case, said } from "../support";

const rule = oneLocation({ location: "europe-west6" });
const fix = "create it in europe-west6: BigQuery cannot load from a bucket in another location";
const keyFix = "use a key in europe-west6: services do not accept keys from another location";
const bucketFix = "use a bucket of these stacks, whose location is known";
const external = (uri: string) => ({
  google_bigquery_table: { trips: { external_data_configuration: [{ source_uris: [uri] }] } },
});
const transfer = (bucket: string) => ({
  google_storage_transfer_job: { trips: { transfer_spec: { gcs_data_sink: { bucket_name: bucket } } } },
});
const lake = { google_storage_bucket: { lake: { name: "my-lake", location: "EUROPE-WEST6" } } };

const broken: readonly Case[] = [
  [
    "a location elsewhere",
    { google_storage_bucket: { lake: { location: "EU" } } },
    [`test/google_storage_bucket.lake is in EU, not in europe-west6 | ${fix}`],
  ],
  [
    "a region elsewhere",
    { google_workflows_workflow: { backfill: { region: "us-central1" } } },
    [`test/google_workflows_workflow.backfill is in us-central1, not in europe-west6 | ${fix}`],
  ],
  [
    "a zone elsewhere",
    { google_compute_instance: { machine: { zone: "europe-west6b-a" } } },
    [`test/google_compute_instance.machine is in europe-west6b-a, not in europe-west6 | ${fix}`],
  ],
  ...["connection", "data_transfer_config", "dataset", "job"].map((kind): Case => {
    const type = `google_bigquery_${kind}`;
    return [
      `a ${type} without a location`,
      { [type]: { one: {} } },
      [`test/${type}.one is in US (the default), not in europe-west6 | ${fix}`],
    ];
  }),
  [
    "a key from another location, in any argument and reported once",
    {
      google_bigquery_dataset: {
        raw: {
          location: "europe-west6",
          default_encryption_configuration: {
            kms_key_name: "projects/p/locations/us/keyRings/r/cryptoKeys/one",
          },
          other: ["projects/p/locations/us/keyRings/r/cryptoKeys/two"],
        },
      },
    },
    [`test/google_bigquery_dataset.raw uses a key in us, not in europe-west6 | ${keyFix}`],
  ],
  [
    "a transfer into a bucket that no stack creates",
    { ...lake, ...transfer("another-bucket") },
    [
      `test/google_storage_transfer_job.trips uses the bucket another-bucket, which none of the stacks creates | ${bucketFix}`,
    ],
  ],
  [
    "an external table over a bucket that no stack creates",
    { ...lake, ...external("gs://another-bucket/trips/*") },
    [
      `test/google_bigquery_table.trips uses the bucket another-bucket, which none of the stacks creates | ${bucketFix}`,
    ],
  ],
];

test.each(broken)("oneLocation finds %s", (_, resources, expected) => {
  expect(said(rule, resources)).toEqual(expected);
});

test("oneLocation accepts the region, its zones, global resources and locations that Terraform computes", () => {
  const resources = {
    ...lake,
    ...transfer("my-lake"),
    google_bigquery_dataset: { raw: { location: "europe-west6" } },
    google_compute_instance: { machine: { zone: "europe-west6-b" } },
    google_compute_global_address: { range: { location: "global" } },
    google_cloud_run_v2_job: { ingest: { location: "${var.region}" } },
    aws_sqs_queue: { events: { region: "eu-central-1" } },
  };
  expect(said(rule, resources)).toEqual([]);
});

test("oneLocation accepts a multi-region, and buckets that are known to be in it", () => {
  const us = oneLocation({ location: "US", otherBuckets: ["another-bucket"] });
  const resources = {
    ...external("gs://another-bucket/trips/*"),
    google_bigquery_dataset: { raw: {}, core: { location: "us" } },
  };
  expect(said(us, resources)).toEqual([]);
});
