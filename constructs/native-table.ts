import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import { Construct } from "constructs";
import { refuse } from "./errors";
import { literal } from "./literal";
import { schemaJson, type TableColumn, tableFaults } from "./table-schema";
import type { IWarehouseDataset } from "./warehouse-dataset";

export interface NativeTableProps {
  readonly dataset: IWarehouseDataset;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** @default - none */
  readonly description?: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** How the table is cut by a DATE, DATETIME or TIMESTAMP column. @default - not partitioned */
  readonly partition?: { readonly column: string; readonly granularity: "day" | "month" | "year" };
  /** At most four columns, most selective first. @default - not clustered */
  readonly cluster?: readonly string[];
  /** Whether a query must name the partitions it reads. @default false */
  readonly requirePartitionFilter?: boolean;
  /** Whether Terraform refuses to delete or replace the table. @default true */
  readonly deletionProtection?: boolean;
}

/** A BigQuery table that holds its data itself. */
export class NativeTable extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: NativeTableProps) {
    super(scope, id);
    refuse(this, [...tableFaults(props.name, props.columns), ...layoutFaults(props)]);
    const { partition, cluster = [] } = props;
    const table = new BigqueryTable(this, "Resource", {
      datasetId: props.dataset.name,
      tableId: props.name,
      description: props.description && literal(props.description),
      labels: props.labels,
      schema: schemaJson(props.columns),
      timePartitioning: partition && {
        type: partition.granularity.toUpperCase(),
        field: partition.column,
      },
      clustering: cluster.length > 0 ? [...cluster] : undefined,
      requirePartitionFilter: partition && (props.requirePartitionFilter ?? false),
      deletionProtection: props.deletionProtection ?? true,
    });
    this.name = table.tableId;
  }
}

const maxClusterColumns = 4;

function layoutFaults({ columns, partition, cluster = [] }: NativeTableProps): (string | false)[] {
  const typeOf = new Map(columns.map((column) => [column.name, column.type]));
  const cut = partition && typeOf.get(partition.column);
  return [
    partition !== undefined &&
      !["DATE", "DATETIME", "TIMESTAMP"].includes(cut ?? "") &&
      `partition.column: "${partition.column}" must be a DATE, DATETIME or TIMESTAMP column of the table`,
    cluster.length > maxClusterColumns &&
      `cluster: ${cluster.length} columns, more than the ${maxClusterColumns} BigQuery allows`,
    ...cluster.map((name) => !typeOf.has(name) && `cluster: there is no column "${name}"`),
  ];
}
