import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import type { Construct } from "constructs";
import { type Fault, notWhole, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import { schemaJson, type TableColumn, tableFaults } from "./table-schema";
import type { Dependency } from "./terraform-construct";
import type { IWarehouseDataset } from "./warehouse-dataset";
import { WarehouseTable } from "./warehouse-table";

export interface NativeTableProps {
  /** The dataset of the table. */
  readonly dataset: IWarehouseDataset;
  /** Letters, digits and underscores. */
  readonly name: string;
  /** At least one. A change that BigQuery cannot make in place replaces the table by an empty one. */
  readonly columns: readonly TableColumn[];
  /** @default - none */
  readonly description?: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** How the table is partitioned. @default - not partitioned */
  readonly partition?: TablePartition;
  /** At most four columns, most selective first. @default - not clustered */
  readonly cluster?: readonly string[];
  /** Whether a query must filter by the partition column. @default false */
  readonly requirePartitionFilter?: boolean;
  /** Whether Terraform refuses to delete or replace the table. @default true */
  readonly deletionProtection?: boolean;
  /** What must be created first. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** How a table is partitioned by time. */
export interface TablePartition {
  /** A DATE, DATETIME or TIMESTAMP column. */
  readonly column: string;
  /** Length of a partition. */
  readonly granularity: "hour" | "day" | "month" | "year";
  /** Days after the time of a partition at which it is deleted. @default - never */
  readonly expiryDays?: number;
}

/** A BigQuery table that stores its data in BigQuery. */
export class NativeTable extends WarehouseTable {
  override readonly name: string;
  override readonly datasetName: string;

  constructor(scope: Construct, id: string, props: NativeTableProps) {
    super(scope, id);
    refuse(this, [...tableFaults(props.name, props.columns), ...layoutFaults(props)]);
    const { partition, cluster = [] } = props;
    const table = new BigqueryTable(this, "Resource", {
      datasetId: props.dataset.name,
      tableId: props.name,
      description: props.description && escapeTemplates(props.description),
      labels: props.labels,
      schema: schemaJson(props.columns),
      timePartitioning: partition && {
        type: partition.granularity.toUpperCase(),
        field: partition.column,
        expirationMs: partition.expiryDays && partition.expiryDays * millisecondsPerDay,
      },
      clustering: cluster.length > 0 ? [...cluster] : undefined,
      requirePartitionFilter: partition && (props.requirePartitionFilter ?? false),
      deletionProtection: props.deletionProtection ?? true,
    });
    table.node.addDependency(...(props.dependsOn ?? []));
    this.name = table.tableId;
    this.datasetName = table.datasetId;
  }
}

const maxClusterColumns = 4;
const millisecondsPerDay = 86_400_000;

function layoutFaults(props: NativeTableProps): Fault[] {
  const { columns, partition, cluster = [] } = props;
  const typeOf = new Map(columns.map((column) => [column.name, column.type]));
  return [
    partition !== undefined &&
      !["DATE", "DATETIME", "TIMESTAMP"].includes(typeOf.get(partition.column) ?? "") &&
      `partition.column: "${partition.column}" must be a DATE, DATETIME or TIMESTAMP column of the table`,
    partition?.expiryDays !== undefined && notWhole("partition.expiryDays", partition.expiryDays, 1),
    partition === undefined &&
      props.requirePartitionFilter === true &&
      "requirePartitionFilter: the table is not partitioned; add partition, or remove requirePartitionFilter",
    cluster.length > maxClusterColumns &&
      `cluster: ${cluster.length} columns exceed BigQuery's limit of ${maxClusterColumns}`,
    ...cluster.map((name) => !typeOf.has(name) && `cluster: the table has no column "${name}"`),
  ];
}
