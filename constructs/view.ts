import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { literal } from "./literal";
import type { IWarehouseDataset } from "./warehouse-dataset";

export interface ViewProps {
  readonly dataset: IWarehouseDataset;
  readonly name: string;
  /** Standard SQL; tables by their full names, `project.dataset.table`. */
  readonly query: string;
  /** @default - none */
  readonly description?: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A BigQuery view: a query with a name. */
export class View extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: ViewProps) {
    super(scope, id);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[A-Za-z0-9_]{1,1024}$/,
        "letters, digits and underscores, at most 1024",
      ),
      props.query.trim() === "" && "query: must not be empty",
    ]);
    const view = new BigqueryTable(this, "Resource", {
      datasetId: props.dataset.name,
      tableId: props.name,
      description: props.description && literal(props.description),
      labels: props.labels,
      view: { query: literal(props.query), useLegacySql: false },
      // It holds no data.
      deletionProtection: false,
    });
    this.name = view.tableId;
  }
}
