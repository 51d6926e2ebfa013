import { NativeTable, type NativeTableProps } from "../../constructs/native-table";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { only, refusal } from "./support";

const columns = [
  { name: "id", type: "INTEGER", mode: "REQUIRED" },
  { name: "day", type: "DATE" },
] as const;
const table = (props: Partial<NativeTableProps> = {}) =>
  only(
    "google_bigquery_table",
    (stack) =>
      new NativeTable(stack, "t", {
        dataset: WarehouseDataset.fromName(stack, "raw", "raw"),
        name: "t",
        columns,
        ...props,
      }),
  );

describe("NativeTable", () => {
  test("is protected, and neither partitioned nor clustered by default", () => {
    expect(table()).toEqual({
      dataset_id: "raw",
      table_id: "t",
      schema: JSON.stringify([
        { name: "id", type: "INTEGER", mode: "REQUIRED" },
        { name: "day", type: "DATE", mode: "NULLABLE" },
      ]),
      deletion_protection: true,
    });
  });

  test("its columns have policy tags", () => {
    const policyTag = "projects/p/locations/europe-west6/taxonomies/1/policyTags/2";
    const record = {
      name: "r",
      type: "RECORD",
      fields: [{ name: "email", type: "STRING", policyTag }],
    } as const;
    expect(table({ columns: [record] })).toMatchObject({
      schema: JSON.stringify([
        {
          name: "r",
          type: "RECORD",
          mode: "NULLABLE",
          fields: [{ name: "email", type: "STRING", mode: "NULLABLE", policyTags: { names: [policyTag] } }],
        },
      ]),
    });
    expect(
      refusal(() =>
        table({
          columns: [
            { ...record, policyTag },
            { name: "a", type: "STRING", policyTag: "pii" },
          ],
        }),
      ),
    ).toBe(`NativeTable at test/t:
  - columns.a.policyTag: "pii" must be projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>
  - columns.r.policyTag: a RECORD has no policy tag; set it on its fields`);
  });

  test("is partitioned and clustered by its columns", () => {
    const partition = { column: "day", granularity: "month" } as const;
    expect(table({ partition, cluster: ["id"] })).toMatchObject({
      time_partitioning: { type: "MONTH", field: "day" },
      require_partition_filter: false,
      clustering: ["id"],
    });
  });

  test("accepts an end of partitions, a required filter, texts and labels", () => {
    const props = {
      partition: { column: "day", granularity: "day", expiryDays: 30 },
      requirePartitionFilter: true,
      description: "d ${x}",
      labels: { a: "b" },
      deletionProtection: false,
    } as const;
    expect(table(props)).toMatchObject({
      time_partitioning: { type: "DAY", expiration_ms: 2_592_000_000 },
      require_partition_filter: true,
      description: "d $${x}",
      labels: { a: "b" },
      deletion_protection: false,
    });
  });

  test("rejects partitions and clusters that are not columns of it", () => {
    const wrong = {
      partition: { column: "id", granularity: "day", expiryDays: 0 },
      cluster: ["id", "day", "id", "day", "nothing"],
    } as const;
    expect(refusal(() => table(wrong))).toBe(`NativeTable at test/t:
  - partition.column: "id" must be a DATE, DATETIME or TIMESTAMP column of the table
  - partition.expiryDays: 0 must be an integer of at least 1
  - cluster: 5 columns exceed BigQuery's limit of 4
  - cluster: the table has no column "nothing"`);
    expect(refusal(() => table({ requirePartitionFilter: true }))).toContain(
      "requirePartitionFilter: the table is not partitioned; add partition, or remove requirePartitionFilter",
    );
  });
});
