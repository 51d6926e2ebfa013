import type { TerraformStack } from "cdktf";
import { ExternalTable, type ExternalTableProps } from "../../constructs/external-table";
import { CloudResourceConnection } from "../../constructs/cloud-resource-connection";
import { StorageBucket } from "../../constructs/storage-bucket";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { location, only, refusal, like } from "./support";

const type = "google_bigquery_table";
const add = (stack: TerraformStack, props: Partial<ExternalTableProps> = {}) =>
  new ExternalTable(stack, "trips", {
    dataset: WarehouseDataset.fromName(stack, "raw", "raw"),
    name: "trips",
    columns: [{ name: "id", type: "INTEGER" }],
    bucket: StorageBucket.fromName(stack, "lake", "my-lake"),
    connection: new CloudResourceConnection(stack, "connection", {
      name: "lake",
      location,
      description: "d",
    }),
    prefix: "raw/trips/",
    ...props,
  });
const table = (props: Partial<ExternalTableProps> = {}) => only(type, (stack) => add(stack, props));

describe("ExternalTable", () => {
  test("reads the Parquet files under a prefix, with declared columns", () => {
    expect(table({ description: "d ${x}", labels: { a: "b" } })).toEqual({
      dataset_id: "raw",
      table_id: "trips",
      description: "d $${x}",
      labels: { a: "b" },
      schema: '[{"name":"id","type":"INTEGER","mode":"NULLABLE"}]',
      ignore_auto_generated_schema: true,
      external_data_configuration: {
        autodetect: false,
        connection_id: like(/^\$\{google_bigquery_connection\.connection_\w+\.project\}\.europe-west6\.\$\{/),
        source_format: "PARQUET",
        source_uris: ["gs://my-lake/raw/trips/*"],
      },
      deletion_protection: false,
    });
  });

  test("shows folders as columns of declared types", () => {
    const hiveKeys = [
      { name: "year", type: "INTEGER" },
      { name: "month", type: "STRING" },
    ] as const;
    expect(table({ hiveKeys, requirePartitionFilter: true })).toMatchObject({
      external_data_configuration: {
        hive_partitioning_options: {
          mode: "CUSTOM",
          source_uri_prefix: "gs://my-lake/raw/trips/{year:INTEGER}/{month:STRING}",
          require_partition_filter: true,
        },
      },
    });
  });

  test("reads a bucket of the same stack", () => {
    const found = only(type, (stack) =>
      add(stack, { bucket: new StorageBucket(stack, "own", { name: "own", location }) }),
    );
    expect(found).toMatchObject({
      external_data_configuration: {
        source_uris: [like(/^gs:\/\/\$\{google_storage_bucket\.own_\w+\.name\}\/raw\/trips\/\*$/)],
      },
    });
  });

  test("rejects a prefix that is not a folder, and a filter by folders that are not declared", () => {
    expect(refusal(() => table({ prefix: "/raw", requirePartitionFilter: true }))).toBe(
      `ExternalTable at test/trips:
  - prefix: "/raw" must be folders that end in /, without a leading /
  - requirePartitionFilter: the table has no hiveKeys to filter by; add some, or remove requirePartitionFilter`,
    );
  });
});
