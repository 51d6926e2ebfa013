import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { IWarehouseDataset } from "./warehouse-dataset";
import { WarehouseTable } from "./warehouse-table";

export interface ViewProps {
  /** The dataset it is in. */
  readonly dataset: IWarehouseDataset;
  /** Letters, digits and underscores. */
  readonly name: string;
  /** Standard SQL; tables by their full names, `project.dataset.table`. */
  readonly query: string;
  /** @default - none */
  readonly description?: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A BigQuery view: a query with a name. Who reads it must be able to read what it is made of: views that are
 * authorised on a dataset do not get along with grants on that dataset, which the provider makes by rewriting them.
 */
export class View extends WarehouseTable {
  override readonly name: string;
  override readonly datasetName: string;

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
      description: props.description && escapeTemplates(props.description),
      labels: props.labels,
      view: { query: escapeTemplates(props.query), useLegacySql: false },
      // It holds no data.
      deletionProtection: false,
    });
    this.name = view.tableId;
    this.datasetName = view.datasetId;
  }
}
