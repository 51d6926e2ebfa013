import { TerraformElement } from "cdktf";
import { Construct } from "constructs";
import { datasetPrefix, type DatasetSpec, hiveKeys, tableColumns } from "../dataset";
import {
  CloudResourceConnection,
  type ICloudResourceConnection,
} from "../constructs/cloud-resource-connection";
import { ExternalTable } from "../constructs/external-table";
import { ServiceIdentity } from "../constructs/service-identity";
import { NativeTable } from "../constructs/native-table";
import { type IStorageBucket, StorageBucket } from "../constructs/storage-bucket";
import { type IWarehouseDataset, WarehouseDataset } from "../constructs/warehouse-dataset";
import { removedDatasets } from "./environment-record";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** BigQuery datasets, and two tables per data set: native `raw.<id>`, and external `raw.<id>_lake` over the lake. */
export class WarehouseStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "warehouse", props);
    const { environment, catalog } = props;
    const owner = ServiceIdentity.fromEmail(this, "data-owner", this.names.serviceAccountEmail("data-owner"));
    const dataset = (layer: "core" | "raw" | "staging", description: string): IWarehouseDataset =>
      environment.existing?.datasets?.[layer] === undefined
        ? new WarehouseDataset(this, layer, {
            name: this.names.dataset(layer),
            location: environment.region,
            description,
            owner,
            kmsKey: this.kmsKey,
            deleteContentsOnDestroy: !environment.protectData,
          })
        : WarehouseDataset.fromName(this, layer, this.names.dataset(layer));
    const raw = dataset(
      "raw",
      "Data sets as published by their sources, with typed columns. Written by the ingest jobs.",
    );
    dataset("staging", "Cleaned and renamed data sets, one view or table each. Written by transformations.");
    dataset("core", "Facts and dimensions for analysis. Written by transformations.");
    const lake = StorageBucket.fromName(this, "lake-bucket", this.names.bucket("lake"));
    const connection = this.addConnection(environment.region, lake);
    for (const spec of catalog.values()) {
      this.addNativeTable(raw, spec, environment.protectData);
      this.addExternalTable(raw, spec, lake, connection);
    }
    if (environment.protectData) this.forgetTables(removedDatasets(props.record, catalog));
  }

  /** Keeps the tables of data sets that are no longer in the catalog: Terraform forgets them. */
  private forgetTables(ids: readonly string[]): void {
    // Elements that have the addresses of the tables, and add nothing to the stack.
    const tables = ids.map(
      (id) => new TerraformElement(new Construct(this, id), "Resource", "google_bigquery_table"),
    );
    this.forget(...tables.map(({ friendlyUniqueId: id }) => `google_bigquery_table.${id}`));
  }

  /** The connection through which the external tables read the lake. */
  private addConnection(location: string, lake: IStorageBucket): ICloudResourceConnection {
    const connection = new CloudResourceConnection(this, "lake-connection", {
      name: this.names.bigqueryConnection("lake"),
      location,
      description: "Reads the Parquet files of the lake for the external tables in raw",
      kmsKey: this.kmsKey,
    });
    // All of the bucket: to find the files of a table, BigQuery lists them, which cannot be limited to a prefix.
    lake.grantRead(connection.identity);
    return connection;
  }

  private addNativeTable(raw: IWarehouseDataset, spec: DatasetSpec, deletionProtection: boolean): void {
    new NativeTable(this, spec.id, {
      dataset: raw,
      name: spec.id,
      description: spec.description,
      columns: tableColumns(spec),
      partition: spec.partition,
      cluster: spec.cluster,
      deletionProtection,
    });
  }

  private addExternalTable(
    raw: IWarehouseDataset,
    spec: DatasetSpec,
    bucket: IStorageBucket,
    connection: ICloudResourceConnection,
  ): void {
    new ExternalTable(this, `${spec.id}_lake`, {
      dataset: raw,
      name: `${spec.id}_lake`,
      description: `The Parquet files of ${spec.id} in the lake.`,
      columns: tableColumns(spec),
      bucket,
      connection,
      prefix: datasetPrefix("raw", spec.id),
      hiveKeys: hiveKeys(spec.grain).map((name) => ({ name, type: "INTEGER" })),
    });
  }
}
