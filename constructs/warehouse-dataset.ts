import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { BigqueryDatasetIamMember } from "@cdktf/provider-google/lib/bigquery-dataset-iam-member";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import { grantId, type Identity } from "./service-identity";

export interface WarehouseDatasetProps {
  /** Letters, digits and underscores; unique in the project. */
  readonly name: string;
  /** A region (`europe-west6`) or multi-region (`EU`): that of the buckets it reads. */
  readonly location: string;
  /** What is in it; shown in the console. */
  readonly description: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Hours one can look back at earlier contents: 48 to 168, in whole days. @default 168 */
  readonly timeTravelHours?: number;
  /** Days after which new tables are deleted. @default - never */
  readonly tableExpiryDays?: number;
  /** Full name of a Cloud KMS key. @default - Google's keys */
  readonly kmsKey?: string;
  /** Whether destroying the dataset deletes its tables. @default false */
  readonly deleteContentsOnDestroy?: boolean;
}

/** A BigQuery dataset, whoever made it. */
export interface IWarehouseDataset {
  /** Name of the dataset. */
  readonly name: string;
  /** Lets the identity read tables and views. Queries also need `roles/bigquery.jobUser` on the project. */
  grantRead(identity: Identity): void;
  /** Lets the identity create, read, write and delete tables. */
  grantWrite(identity: Identity): void;
  /** Grants any other role on the dataset. */
  grant(identity: Identity, role: string): void;
}

abstract class DatasetBase extends Construct implements IWarehouseDataset {
  abstract readonly name: string;

  grantRead(identity: Identity): void {
    this.grant(identity, "roles/bigquery.dataViewer");
  }

  grantWrite(identity: Identity): void {
    this.grant(identity, "roles/bigquery.dataEditor");
  }

  grant(identity: Identity, role: string): void {
    new BigqueryDatasetIamMember(this, grantId(role, identity), {
      datasetId: this.name,
      role,
      member: identity.member,
    });
  }
}

/** A BigQuery dataset with an explicit location; who may see it is said by grants alone. */
export class WarehouseDataset extends DatasetBase {
  /** A dataset that exists already, or that another stack makes. Grants on it are made, the dataset is not. */
  static fromName(scope: Construct, id: string, name: string): IWarehouseDataset {
    return new ImportedDataset(scope, id, name);
  }

  override readonly name: string;

  constructor(scope: Construct, id: string, props: WarehouseDatasetProps) {
    super(scope, id);
    const hours = props.timeTravelHours ?? 168;
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[A-Za-z0-9_]{1,1024}$/,
        "letters, digits and underscores, at most 1024",
      ),
      (hours < 48 || hours > 168 || hours % 24 !== 0) &&
        `timeTravelHours: ${hours} must be whole days from 48 to 168 hours`,
    ]);
    const dataset = new BigqueryDataset(this, "Resource", {
      datasetId: props.name,
      location: props.location,
      description: escapeTemplates(props.description),
      labels: props.labels,
      maxTimeTravelHours: String(hours),
      defaultTableExpirationMs: props.tableExpiryDays && props.tableExpiryDays * millisecondsPerDay,
      defaultEncryptionConfiguration: props.kmsKey ? { kmsKeyName: props.kmsKey } : undefined,
      deleteContentsOnDestroy: props.deleteContentsOnDestroy ?? false,
    });
    this.name = dataset.datasetId;
  }
}

class ImportedDataset extends DatasetBase {
  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
  ) {
    super(scope, id);
  }
}

const millisecondsPerDay = 86_400_000;
