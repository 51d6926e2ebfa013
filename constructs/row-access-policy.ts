import { BigqueryRowAccessPolicy } from "@cdktf/provider-google/lib/bigquery-row-access-policy";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { Identity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";
import type { IWarehouseTable } from "./warehouse-table";

export interface RowAccessPolicyProps {
  /** The table; not a view. */
  readonly table: IWarehouseTable;
  /** Letters, digits and underscores; unique in the table. */
  readonly name: string;
  /** Condition in GoogleSQL on the columns of the table, without subqueries: `region = "EU"`. `TRUE` selects all rows. */
  readonly filter: string;
  /** Who reads the rows; at least one. They also need `grantRead` on the table or its dataset. */
  readonly identities: readonly Pick<Identity, "member">[];
  /** What must be created first. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * A row access policy of a BigQuery table. As soon as a table has one, everyone reads only the rows of the policies that
 * name them: whoever loads or changes the table needs a policy with the filter `TRUE`.
 */
export class RowAccessPolicy extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: RowAccessPolicyProps) {
    super(scope, id);
    const members = props.identities.map(({ member }) => member);
    refuse(this, [
      malformed("name", props.name, /^\w{1,256}$/, "letters, digits and underscores, at most 256"),
      props.filter.trim() === "" && "filter: must not be empty; the filter of all rows is TRUE",
      members.length === 0 && "identities: must not be empty",
    ]);
    const policy = new BigqueryRowAccessPolicy(this, "Resource", {
      datasetId: props.table.datasetName,
      tableId: props.table.name,
      policyId: props.name,
      filterPredicate: escapeTemplates(props.filter),
      grantees: members,
    });
    policy.node.addDependency(...(props.dependsOn ?? []));
  }
}
