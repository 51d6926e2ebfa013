import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import type { Construct } from "constructs";
import { refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import { tableNameFault } from "./table-schema";
import type { Dependency } from "./terraform-construct";
import type { IWarehouseDataset } from "./warehouse-dataset";
import { WarehouseTable } from "./warehouse-table";

export interface ViewProps {
  /** The dataset of the view. */
  readonly dataset: IWarehouseDataset;
  /** Letters, digits and underscores. */
  readonly name: string;
  /** A query in GoogleSQL; tables by their full names, `project.dataset.table`. */
  readonly query: string;
  /** @default - none */
  readonly description?: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What must be created first, such as the tables it queries. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * A BigQuery view. Whoever queries it needs read access to the tables it queries as well. Authorized views are
 * deliberately not supported: they and grants on the same dataset overwrite each other in the Terraform provider.
 */
export class View extends WarehouseTable {
  override readonly name: string;
  override readonly datasetName: string;

  constructor(scope: Construct, id: string, props: ViewProps) {
    super(scope, id);
    refuse(this, [tableNameFault(props.name), props.query.trim() === "" && "query: must not be empty"]);
    const view = new BigqueryTable(this, "Resource", {
      datasetId: props.dataset.name,
      tableId: props.name,
      description: props.description && escapeTemplates(props.description),
      labels: props.labels,
      view: { query: escapeTemplates(props.query), useLegacySql: false },
      // A view stores no data.
      deletionProtection: false,
    });
    view.node.addDependency(...(props.dependsOn ?? []));
    this.name = view.tableId;
    this.datasetName = view.datasetId;
  }
}
