import { BigqueryTableIamMember } from "@cdktf/provider-google/lib/bigquery-table-iam-member";
import { Construct } from "constructs";
import { grantId, type Identity } from "./service-identity";
import type { IWarehouseDataset } from "./warehouse-dataset";

/** A BigQuery table or view, whoever made it. Grants on it are for those who must not see all of its dataset. */
export interface IWarehouseTable {
  /** Name of the table, without its dataset. */
  readonly name: string;
  /** Name of its dataset. */
  readonly datasetName: string;
  /** Lets the identity read it. Queries also need `roles/bigquery.jobUser` on the project. */
  grantRead(identity: Identity): void;
  /** Lets the identity read, change and delete it. */
  grantWrite(identity: Identity): void;
}

/** What native tables, external tables and views have in common. */
export abstract class WarehouseTable extends Construct implements IWarehouseTable {
  /** A table or view that exists already, or that another stack makes. Grants on it are made, the table is not. */
  static fromName(scope: Construct, id: string, dataset: IWarehouseDataset, name: string): IWarehouseTable {
    return new ImportedTable(scope, id, dataset.name, name);
  }

  abstract readonly name: string;
  abstract readonly datasetName: string;

  grantRead(identity: Identity): void {
    this.grant(identity, "roles/bigquery.dataViewer");
  }

  grantWrite(identity: Identity): void {
    this.grant(identity, "roles/bigquery.dataEditor");
  }

  private grant(identity: Identity, role: string): void {
    new BigqueryTableIamMember(this, grantId(role, identity), {
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
