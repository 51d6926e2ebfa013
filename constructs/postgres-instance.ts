import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { Fn } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { type Fault, malformed, notWhole, refuse } from "./errors";
import { Grant, grantId, grantOnce } from "./grant";
import type { IKmsKey } from "./kms-key";
import type { IPrivateNetwork } from "./private-network";
import { type AddressedIdentity, ServiceIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface PostgresInstanceProps {
  /** The name of a deleted instance is reserved for a week: end it with something that can change. */
  readonly name: string;
  /** Region of the instance. */
  readonly location: string;
  /**
   * Network from which the instance is reached. It needs private service access, which `PrivateNetwork` sets up with
   * `servicesRange`; the instance waits for it.
   */
  readonly network: IPrivateNetwork;
  /** Names of the databases to create. */
  readonly databases: readonly string[];
  /** @default POSTGRES_18 */
  readonly version?: `POSTGRES_${number}`;
  /** Machine type: `db-custom-<CPUs>-<MiB>`. @default db-custom-1-3840 */
  readonly tier?: string;
  /** Initial size of the disk, in GiB. @default 10 */
  readonly diskGib?: number;
  /** Size up to which the disk grows, in GiB. @default 100 */
  readonly diskLimitGib?: number;
  /** Whether a standby in a second zone takes over if the first fails. @default false */
  readonly highAvailability?: boolean;
  /** Number of daily backups that are kept. @default 7 */
  readonly backups?: number;
  /** Days for which the instance can be restored to any point in time: 0 to 7. @default 7 */
  readonly pointInTimeDays?: number;
  /** Region or multi-region of the backups. @default - the region of the instance */
  readonly backupLocation?: string;
  /** Whether its backups stay when the instance is deleted. They are billed until they expire. @default true */
  readonly keepBackups?: boolean;
  /** Key that encrypts the disk and backups; cannot be changed later. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** Additional database flags, or other values of the flags that are set here. @default - none */
  readonly flags?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform and Google refuse to delete the instance. @default true */
  readonly deletionProtection?: boolean;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A Cloud SQL instance, new or imported. */
export interface IPostgresInstance extends IConstruct {
  /** Name of the instance. */
  readonly name: string;
  /** `project:region:instance`, which connectors take. */
  readonly connectionName: string;
  /**
   * Lets a service account, a user, or each member of a group log in without a password. What they can do in the
   * database is granted in Postgres, with GRANT.
   */
  grantConnect(identity: AddressedIdentity): Grant;
}

abstract class InstanceBase extends TerraformConstruct implements IPostgresInstance {
  abstract readonly name: string;
  abstract readonly connectionName: string;
  /** Id of the project, for grants. */
  protected abstract readonly project: string;

  grantConnect(identity: AddressedIdentity): Grant {
    const user = grantOnce(
      this,
      `user-${identity.node.id}`,
      SqlUser,
      // Postgres refuses to drop a user that owns tables; it is deleted with the instance.
      { instance: this.name, ...login(identity), deletionPolicy: "ABANDON" },
      { instance: this.name, member: identity.member },
    );
    const roles = ["roles/cloudsql.client", "roles/cloudsql.instanceUser"].map((role) =>
      grantOnce(this, grantId(role, identity), ProjectIamMember, {
        project: this.project,
        role,
        member: identity.member,
        condition: {
          title: "this-instance-only",
          expression: `resource.type == "sqladmin.googleapis.com/Instance" && resource.name == "projects/${this.project}/instances/${this.name}"`,
        },
      }),
    );
    return Grant.all(user, ...roles);
  }
}

/** A Cloud SQL for PostgreSQL instance without a public address. Clients connect with TLS and log in with IAM. */
export class PostgresInstance extends InstanceBase {
  /**
   * Imports an instance that exists already or that another stack creates. Users and grants are created; the instance
   * itself is not managed.
   *
   * @param connectionName `project:region:instance`
   * @throws ConstructError if it does not have that form
   */
  static fromConnectionName(scope: Construct, id: string, connectionName: string): IPostgresInstance {
    return new ImportedInstance(scope, id, connectionName);
  }

  override readonly name: string;
  override readonly connectionName: string;
  /** Service account of the instance, which reads imports and writes exports. Grant it access to their bucket. */
  readonly identity: AddressedIdentity;
  protected override readonly project: string;

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const protect = props.deletionProtection ?? true;
    const pointInTimeDays = props.pointInTimeDays ?? 7;
    const instance = new SqlDatabaseInstance(this, "Resource", {
      name: props.name,
      region: props.location,
      databaseVersion: props.version ?? "POSTGRES_18",
      encryptionKeyName: props.kmsKey?.resourceName,
      deletionProtection: protect,
      settings: {
        tier: props.tier ?? "db-custom-1-3840",
        // The default edition of Postgres 16 and later does not support shared-core machines.
        edition: "ENTERPRISE",
        activationPolicy: "ALWAYS",
        availabilityType: props.highAvailability ? "REGIONAL" : "ZONAL",
        deletionProtectionEnabled: protect,
        diskType: "PD_SSD",
        diskSize: props.diskGib ?? 10,
        diskAutoresize: true,
        diskAutoresizeLimit: props.diskLimitGib ?? 100,
        userLabels: props.labels,
        databaseFlags: Object.entries({ ...auditFlags, ...props.flags }).map(([name, value]) => ({
          name,
          value,
        })),
        retainBackupsOnDelete: props.keepBackups ?? true,
        backupConfiguration: {
          enabled: true,
          startTime: "02:00",
          // Without it, the multi-region closest to the instance, which may be in other countries.
          location: props.backupLocation ?? props.location,
          pointInTimeRecoveryEnabled: pointInTimeDays > 0,
          transactionLogRetentionDays: pointInTimeDays > 0 ? pointInTimeDays : undefined,
          backupRetentionSettings: { retainedBackups: props.backups ?? 7, retentionUnit: "COUNT" },
        },
        ipConfiguration: {
          ipv4Enabled: false,
          privateNetwork: props.network.resourceName,
          sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
          enablePrivatePathForGoogleCloudServices: true,
        },
        maintenanceWindow: { day: 7, hour: 4, updateTrack: "stable" },
        insightsConfig: {
          queryInsightsEnabled: true,
          queryPlansPerMinute: 5,
          queryStringLength: 1024,
          recordApplicationTags: true,
          recordClientAddress: false,
        },
      },
      // The disk grows by itself. A plan that shrinks it would replace the instance.
      lifecycle: { ignoreChanges: ["settings[0].disk_size"] },
    });
    instance.node.addDependency(props.network, ...(props.dependsOn ?? []));
    for (const name of props.databases) {
      new SqlDatabase(this, name, { name, instance: instance.name, deletionPolicy: "ABANDON" });
    }
    this.name = instance.name;
    this.connectionName = instance.connectionName;
    this.project = instance.project;
    this.identity = ServiceIdentity.fromEmail(this, "identity", instance.serviceAccountEmailAddress);
  }
}

class ImportedInstance extends InstanceBase {
  override readonly name: string;
  protected override readonly project: string;

  constructor(
    scope: Construct,
    id: string,
    override readonly connectionName: string,
  ) {
    super(scope, id);
    // A project id may contain a colon itself: `example.com:project`.
    const parts = /^(.+):[^:]+:([^:]+)$/.exec(connectionName);
    refuse(this, [
      parts === null && `connectionName: "${connectionName}" must be <project>:<region>:<instance>`,
    ]);
    const [, project = "", name = ""] = parts ?? [];
    this.project = project;
    this.name = name;
  }
}

/** Name and type of an identity's database user. */
function login({ email, member }: AddressedIdentity): { readonly name: string; readonly type: string } {
  if (member.startsWith("group:")) return { name: email.toLowerCase(), type: "CLOUD_IAM_GROUP" };
  if (member.startsWith("user:")) return { name: email.toLowerCase(), type: "CLOUD_IAM_USER" };
  // Cloud SQL shortens the names of service accounts, since Postgres limits the length.
  return { name: Fn.trimsuffix(email, ".gserviceaccount.com"), type: "CLOUD_IAM_SERVICE_ACCOUNT" };
}

/** Audit logging as the CIS benchmark recommends, and IAM authentication. */
const auditFlags = {
  "cloudsql.enable_pgaudit": "on",
  "cloudsql.iam_authentication": "on",
  log_checkpoints: "on",
  log_connections: "on",
  log_disconnections: "on",
  log_duration: "on",
  log_hostname: "on",
  log_lock_waits: "on",
  log_min_duration_statement: "-1",
  log_min_error_statement: "error",
  log_min_messages: "warning",
  log_statement: "ddl",
  log_temp_files: "0",
};

function faultsOf(props: PostgresInstanceProps): Fault[] {
  const { diskGib = 10, diskLimitGib = 100, pointInTimeDays = 7, backups = 7, databases } = props;
  return [
    malformed(
      "name",
      props.name,
      /^[a-z]([a-z0-9-]{0,58}[a-z0-9])?$/,
      "at most 60 lowercase letters, digits and hyphens, starting with a letter",
    ),
    ...databases.map(
      (name, index) =>
        databases.indexOf(name) < index && `databases: duplicate name "${name}"; remove one of the two`,
    ),
    notWhole("diskGib", diskGib, 10),
    diskLimitGib < diskGib && `diskLimitGib: ${diskLimitGib} is less than diskGib, ${diskGib}`,
    notWhole("pointInTimeDays", pointInTimeDays, 0, 7),
    notWhole("backups", backups, 1, 365),
    backups < pointInTimeDays && `backups: ${backups} must be at least pointInTimeDays, ${pointInTimeDays}`,
  ];
}
