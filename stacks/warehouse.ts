import { TerraformElement } from "cdktf";
import { Construct } from "constructs";
import { datasetPrefix, type DatasetSpec, hiveKeys, platformPolicy, tableColumns } from "../dataset";
import {
  CloudResourceConnection,
  type ICloudResourceConnection,
} from "../constructs/cloud-resource-connection";
import { ExternalTable } from "../constructs/external-table";
import { GoogleGroup, ServiceIdentity } from "../constructs/service-identity";
import { NativeTable } from "../constructs/native-table";
import { RowAccessPolicy } from "../constructs/row-access-policy";
import { type IStorageBucket, StorageBucket } from "../constructs/storage-bucket";
import { type IWarehouseDataset, WarehouseDataset } from "../constructs/warehouse-dataset";
import type { WarehouseTable } from "../constructs/warehouse-table";
import { removedDatasets } from "./environment-record";
import type { Purposes } from "./naming";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** BigQuery datasets, and two tables per data set: native `raw.<id>`, and external `raw.<id>_lake` over the lake. */
export class WarehouseStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "warehouse", props);
    const { environment, catalog } = props;
    const owner = ServiceIdentity.fromEmail(this, "data-owner", this.names.serviceAccountEmail("data-owner"));
    const existing: Partial<Record<Purposes["dataset"], string>> = environment.existing?.datasets ?? {};
    const dataset = (
      layer: Purposes["dataset"],
      description: string,
      tableExpiryDays?: number,
    ): IWarehouseDataset =>
      existing[layer] === undefined
        ? new WarehouseDataset(this, layer, {
            name: this.names.dataset(layer),
            location: environment.region,
            description,
            owner,
            kmsKey: this.kmsKey,
            tableExpiryDays,
            deleteContentsOnDestroy: !environment.protectData,
          })
        : WarehouseDataset.fromName(this, layer, this.names.dataset(layer));
    const raw = dataset(
      "raw",
      "Data sets as published by their sources, with typed columns. Written by the ingest jobs.",
    );
    // Not in raw: its readers would see copies without row policies, and the jobs may not delete tables.
    dataset("temporary", "Tables that the ingest jobs create for a while. Each is deleted after a day.", 1);
    const staging = dataset(
      "staging",
      "Cleaned and renamed data sets, one view or table each. Written by transformations.",
    );
    const core = dataset("core", "Facts and dimensions for analysis. Written by transformations.");
    this.grantTransform({ raw, staging, core });
    this.grantReaders("core", core, environment.readers?.core);
    this.grantReaders("raw", raw, environment.readers?.raw);
    const lake = StorageBucket.fromName(this, "lake-bucket", this.names.bucket("lake"));
    const connection = this.addConnection(environment.region, lake);
    if (environment.protectData) this.forgetTables(removedDatasets(props.record, catalog));
    for (const spec of catalog.values()) {
      for (const table of [
        this.addNativeTable(raw, spec, environment.protectData),
        this.addExternalTable(raw, spec, lake, connection),
      ])
        this.addRowAccess(table, spec);
    }
  }

  /** What the transformations run as: reads raw, writes staging and core. */
  private grantTransform({
    raw,
    staging,
    core,
  }: Readonly<Record<"core" | "raw" | "staging", IWarehouseDataset>>): void {
    const transform = this.runAs("transform");
    transform.grantOnProject(jobUser);
    raw.grantRead(transform);
    staging.grantWrite(transform);
    core.grantWrite(transform);
  }

  private grantReaders(
    layer: "core" | "raw",
    dataset: IWarehouseDataset,
    groups: readonly string[] = [],
  ): void {
    for (const email of new Set(groups)) {
      const group = new GoogleGroup(this, `${layer}-reader-${email}`, email);
      group.grantOnProject(jobUser);
      dataset.grantRead(group);
    }
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

  private addNativeTable(
    raw: IWarehouseDataset,
    spec: DatasetSpec,
    deletionProtection: boolean,
  ): WarehouseTable {
    return new NativeTable(this, spec.id, {
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
  ): WarehouseTable {
    return new ExternalTable(this, `${spec.id}_lake`, {
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

  /**
   * The row access policies of a data set on one of its tables. The platform's own comes first: without it, the job would
   * count no rows, and could not replace any.
   */
  private addRowAccess(table: WarehouseTable, { rowAccess = [] }: DatasetSpec): void {
    if (rowAccess.length === 0) return;
    const accounts = (["ingest", "transform"] as const).map((purpose) => ({
      member: `serviceAccount:${this.names.serviceAccountEmail(purpose)}`,
    }));
    const add = (
      name: string,
      filter: string,
      identities: readonly { member: string }[],
      first: readonly RowAccessPolicy[],
    ) =>
      new RowAccessPolicy(this, `${table.node.id}_rows_${name}`, {
        table,
        name,
        filter,
        identities,
        dependsOn: first,
      });
    const platform = add(platformPolicy, "TRUE", accounts, []);
    for (const { name, filter, grantees } of rowAccess)
      add(
        name,
        filter,
        grantees.map((member) => ({ member })),
        [platform],
      );
  }
}

/** Running queries; the role exists on projects only. */
const jobUser = "roles/bigquery.jobUser";
