import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { BigqueryDatasetIamMember } from "@cdktf/provider-google/lib/bigquery-dataset-iam-member";
import type { Construct, IConstruct } from "constructs";
import { malformed, notWhole, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import { type Grant, grantId, grantOnce } from "./grant";
import type { IKmsKey } from "./kms-key";
import type { AddressedIdentity, Identity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface WarehouseDatasetProps {
  /** Letters, digits and underscores; unique in the project. */
  readonly name: string;
  /** A region (`europe-west6`) or multi-region (`EU`): that of the buckets from which it loads. */
  readonly location: string;
  /** What it contains; shown in the console. */
  readonly description: string;
  /**
   * Account that owns the dataset. BigQuery requires an owner, and an account that nobody can use is enough: the grants
   * of the dataset decide who can read it.
   * @default - the owners of the project; unlike by BigQuery's own default, its editors and viewers have no access
   */
  readonly owner?: AddressedIdentity;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Hours for which earlier contents can be queried: 48 to 168, in whole days. @default 168 */
  readonly timeTravelHours?: number;
  /** Days after which new tables are deleted. @default - never */
  readonly tableExpiryDays?: number;
  /** Key that encrypts new tables. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** Whether destroying the dataset deletes its tables. @default false */
  readonly deleteContentsOnDestroy?: boolean;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A BigQuery dataset, new or imported. */
export interface IWarehouseDataset extends IConstruct {
  /** Name of the dataset. */
  readonly name: string;
  /** Lets the identity read tables and views. Queries also need `roles/bigquery.jobUser` on the project. */
  grantRead(identity: Identity): Grant;
  /** Lets the identity create, read, write and delete tables. */
  grantWrite(identity: Identity): Grant;
  /** Grants any other role on the dataset. */
  grant(identity: Identity, role: string): Grant;
}

abstract class DatasetBase extends TerraformConstruct implements IWarehouseDataset {
  abstract readonly name: string;

  grantRead(identity: Identity): Grant {
    return this.grant(identity, "roles/bigquery.dataViewer");
  }

  grantWrite(identity: Identity): Grant {
    return this.grant(identity, "roles/bigquery.dataEditor");
  }

  grant(identity: Identity, role: string): Grant {
    return grantOnce(this, grantId(role, identity), BigqueryDatasetIamMember, {
      datasetId: this.name,
      role,
      member: identity.member,
      lifecycle: revokedLast,
    });
  }
}

/** A BigQuery dataset with an explicit location. Only grants decide who can read it. */
export class WarehouseDataset extends DatasetBase {
  /**
   * Imports a dataset that exists already or that another stack creates. Grants on it are created; the dataset itself
   * is not managed.
   */
  static fromName(scope: Construct, id: string, name: string): IWarehouseDataset {
    return new ImportedDataset(scope, id, name);
  }

  override readonly name: string;

  constructor(scope: Construct, id: string, props: WarehouseDatasetProps) {
    super(scope, id);
    const { timeTravelHours: hours = 168, tableExpiryDays } = props;
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[A-Za-z0-9_]{1,1024}$/,
        "letters, digits and underscores, at most 1024",
      ),
      (hours < 48 || hours > 168 || hours % 24 !== 0) &&
        `timeTravelHours: ${hours} must be whole days from 48 to 168 hours`,
      tableExpiryDays !== undefined && notWhole("tableExpiryDays", tableExpiryDays, 1),
    ]);
    const dataset = new BigqueryDataset(this, "Resource", {
      datasetId: props.name,
      location: props.location,
      description: escapeTemplates(props.description),
      labels: props.labels,
      maxTimeTravelHours: String(hours),
      defaultTableExpirationMs: tableExpiryDays && tableExpiryDays * millisecondsPerDay,
      defaultEncryptionConfiguration: props.kmsKey && { kmsKeyName: props.kmsKey.resourceName },
      deleteContentsOnDestroy: props.deleteContentsOnDestroy ?? false,
      access: [
        {
          role: "OWNER",
          ...(props.owner ? { userByEmail: props.owner.email } : { specialGroup: "projectOwners" }),
        },
      ],
      // Grants are entries of the same list. Only the first list is written here.
      lifecycle: { ignoreChanges: ["access"] },
    });
    dataset.node.addDependency(...(props.dependsOn ?? []));
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

/**
 * When a dataset changes, the provider writes the access list that it read before the plan. A grant that the same apply
 * has revoked by then would come back, although the state no longer has it (terraform-provider-google#28775). With this,
 * Terraform changes the dataset first, and revokes grants on it afterwards.
 */
const revokedLast = { createBeforeDestroy: true };

const millisecondsPerDay = 86_400_000;
