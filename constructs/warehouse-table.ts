import { BigqueryTableIamMember } from "@cdktf/provider-google/lib/bigquery-table-iam-member";
import type { Construct, IConstruct } from "constructs";
import { type Grant, grantId, grantOnce } from "./grant";
import type { Identity } from "./service-identity";
import { TerraformConstruct } from "./terraform-construct";
import type { IWarehouseDataset } from "./warehouse-dataset";

/**
 * A BigQuery table or view, new or imported. Grants on it are for identities that must not read its whole dataset.
 */
export interface IWarehouseTable extends IConstruct {
  /** Name of the table, without its dataset. */
  readonly name: string;
  /** Name of its dataset. */
  readonly datasetName: string;
  /** Lets the identity read it. Queries also need `roles/bigquery.jobUser` on the project. */
  grantRead(identity: Identity): Grant;
  /** Lets the identity read, change and delete it. */
  grantWrite(identity: Identity): Grant;
}

/** Base class of native tables, external tables and views. */
export abstract class WarehouseTable extends TerraformConstruct implements IWarehouseTable {
  /**
   * Imports a table or view that exists already or that another stack creates. Grants on it are created; the table
   * itself is not managed.
   */
  static fromName(scope: Construct, id: string, dataset: IWarehouseDataset, name: string): IWarehouseTable {
    return new ImportedTable(scope, id, dataset.name, name);
  }

  abstract readonly name: string;
  abstract readonly datasetName: string;

  grantRead(identity: Identity): Grant {
    return this.grant(identity, "roles/bigquery.dataViewer");
  }

  grantWrite(identity: Identity): Grant {
    return this.grant(identity, "roles/bigquery.dataEditor");
  }

  private grant(identity: Identity, role: string): Grant {
    return grantOnce(this, grantId(role, identity), BigqueryTableIamMember, {
      datasetId: this.datasetName,
      tableId: this.name,
      role,
      member: identity.member,
    });
  }
}

class ImportedTable extends WarehouseTable {
  constructor(
    scope: Construct,
    id: string,
    override readonly datasetName: string,
    override readonly name: string,
  ) {
    super(scope, id);
  }
}
