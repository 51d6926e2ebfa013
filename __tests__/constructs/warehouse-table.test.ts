import { CloudResourceConnection } from "../../constructs/cloud-resource-connection";
import { ExternalTable } from "../../constructs/external-table";
import { NativeTable } from "../../constructs/native-table";
import { StorageBucket } from "../../constructs/storage-bucket";
import { View } from "../../constructs/view";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { resources, stackOf } from "../support/stack";
import { member, reader } from "./support";

describe("WarehouseTable", () => {
  test("of every kind can be read and written by identities that must not read its whole dataset", () => {
    const columns = [{ name: "id", type: "INTEGER" }] as const;
    const json = stackOf((stack) => {
      const dataset = WarehouseDataset.fromName(stack, "raw", "raw");
      const bucket = StorageBucket.fromName(stack, "lake", "my-lake");
      const identity = reader(stack);
      new NativeTable(stack, "native", { dataset, name: "trips", columns }).grantWrite(identity);
      new View(stack, "view", { dataset, name: "days", query: "select 1" }).grantRead(identity);
      const connection = CloudResourceConnection.fromConnectionId(
        stack,
        "connection",
        "p.europe-west6.lake",
        "c@x.example",
      );
      const files = { connection, dataset, name: "files", columns, bucket, prefix: "raw/" };
      new ExternalTable(stack, "external", files).grantRead(identity);
      NativeTable.fromName(stack, "theirs", dataset, "theirs").grantRead(identity);
    });
    const reads = { role: "roles/bigquery.dataViewer", member };
    expect(resources(json, "google_bigquery_table_iam_member")).toMatchObject([
      { ...reads, table_id: "${google_bigquery_table.external_068F12D1.table_id}" },
      { table_id: "${google_bigquery_table.native_6B867B53.table_id}", role: "roles/bigquery.dataEditor" },
      { ...reads, dataset_id: "raw", table_id: "theirs" },
      { ...reads, table_id: "${google_bigquery_table.view_E901BAE1.table_id}" },
    ]);
  });
});
