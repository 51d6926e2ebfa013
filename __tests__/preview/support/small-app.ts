import type { Json, JsonObject } from "../../../preview/json";
import type { SynthesizedApp } from "../../../preview/synth/app";
import { stackOf } from "../../../preview/synth/stack";

/** A small synthesized platform: a lake, a warehouse and ingest jobs. */
export interface SmallApp {
  /** @default "prod-lake" */
  readonly bucket?: string;
  /** @default ["zones"] */
  readonly dataSets?: readonly string[];
  /** Columns of each data set in addition to its id. @default - none */
  readonly columns?: readonly string[];
  /** A stack to omit. @default - none */
  readonly without?: string;
}

export function app({
  bucket: name = "prod-lake",
  dataSets = ["zones"],
  columns = [],
  without = "",
}: SmallApp = {}): SynthesizedApp {
  const schema = JSON.stringify([
    column("id", "INTEGER", "REQUIRED"),
    ...columns.map((one) => column(one, "STRING", "NULLABLE")),
  ]);
  const stacks = [
    stackOf(
      "prod-lake",
      [],
      stack({ google_storage_bucket: { lake_11AA: named("prod-lake/lake", { ...bucket, name }) } }),
    ),
    stackOf(
      "prod-warehouse",
      ["prod-lake"],
      stack({
        google_bigquery_dataset: {
          raw_22BB: named("prod-warehouse/raw", { dataset_id: "prod_raw", location: "europe-west6" }),
        },
        google_bigquery_table: Object.fromEntries(
          dataSets.flatMap((id) => [
            [
              `${id}_33CC`,
              named(`prod-warehouse/${id}`, {
                dataset_id: "${google_bigquery_dataset.raw_22BB.dataset_id}",
                table_id: id,
                schema,
              }),
            ],
            [
              `${id}_lake_44DD`,
              named(`prod-warehouse/${id}_lake`, {
                dataset_id: "${google_bigquery_dataset.raw_22BB.dataset_id}",
                table_id: `${id}_lake`,
                schema,
                external_data_configuration: {
                  source_format: "PARQUET",
                  source_uris: [`gs://${name}/raw/${id}/*`],
                },
              }),
            ],
          ]),
        ),
      }),
    ),
    stackOf(
      "prod-ingestion",
      ["prod-warehouse"],
      stack({
        google_cloud_run_v2_job: Object.fromEntries(
          dataSets.map((id) => [`${id}_55EE`, named(`prod-ingestion/${id}`, job(id, name, columns))]),
        ),
        google_cloud_scheduler_job: Object.fromEntries(
          dataSets.map((id) => [
            `${id}_66FF`,
            named(`prod-ingestion/${id}-schedule`, { name: `prod-ingest-${id}`, schedule: "0 6 2 * *" }),
          ]),
        ),
      }),
    ),
  ];
  return { stacks: stacks.filter((one) => one.name !== without) };
}

export const bucket = {
  name: "prod-lake",
  location: "EUROPE-WEST6",
  force_destroy: false,
  labels: { team: "platform" },
};
export const dataset = {
  dataset_id: "raw",
  location: "europe-west6",
  project: "p",
  delete_contents_on_destroy: false,
};
export const table = {
  dataset_id: "raw",
  table_id: "zones",
  project: "p",
  num_rows: 265,
  num_bytes: 12_800,
  deletion_protection: true,
};
export const instance = {
  name: "prod-postgres",
  region: "europe-west6",
  deletion_protection: true,
  settings: [{ tier: "db-custom-2-7680", availability_type: "REGIONAL", disk_size: 50, disk_type: "PD_SSD" }],
};

function job(id: string, lake: string, columns: readonly string[]): JsonObject {
  const specification = JSON.stringify({
    version: 1,
    id,
    columns: [
      column("id", "INTEGER", "REQUIRED"),
      ...columns.map((one) => column(one, "STRING", "NULLABLE")),
    ],
  });
  const env = [
    { name: "DATASET_SPEC", value: specification },
    { name: "LAKE_BUCKET", value: lake },
  ];
  return {
    name: `prod-ingest-${id}`,
    location: "europe-west6",
    template: { template: { containers: [{ image: "ingest@sha256:00", env }] } },
  };
}

function column(name: string, type: string, mode: string) {
  return { name, type, mode, description: `The ${name}.` };
}

function named(path: string, values: JsonObject): JsonObject {
  return { "//": { metadata: { path: `${path}/Resource` } }, ...values };
}

function stack(resource: Json): JsonObject {
  return { resource, terraform: { required_providers: { google: { source: "google", version: "6.50.0" } } } };
}
