import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { type AddressedIdentity, grantId } from "./service-identity";

export interface PostgresInstanceProps {
  /** A deleted instance blocks its name for a week: end it in something one can change. */
  readonly name: string;
  /** Region it is in. */
  readonly region: string;
  /** Full name of the network that reaches it; private services access must be set up there. */
  readonly network: string;
  /** Databases in it. */
  readonly databases: readonly string[];
  /** @default POSTGRES_18 */
  readonly version?: `POSTGRES_${number}`;
  /** Machine: `db-custom-<CPUs>-<MiB>`. @default db-custom-1-3840 */
  readonly tier?: string;
  /** Size of the disk to start with, in GiB. @default 10 */
  readonly diskGib?: number;
  /** Where the disk stops growing, in GiB. @default 100 */
  readonly diskLimitGib?: number;
  /** Whether a second zone takes over when one fails. @default false */
  readonly highAvailability?: boolean;
  /** Daily backups that are kept. @default 7 */
  readonly backups?: number;
  /** Days over which any moment can be restored, 1 to 7; 0 for none. @default 7 */
  readonly pointInTimeDays?: number;
  /** Full name of a Cloud KMS key, which cannot be changed later. @default - Google's keys */
  readonly kmsKey?: string;
  /** More database flags, or other values for those that are set. @default - none */
  readonly flags?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform and Google refuse to delete the instance. @default true */
  readonly deletionProtection?: boolean;
}

/** A Cloud SQL instance, whoever made it. */
export interface IPostgresInstance {
  /** Name of the instance. */
  readonly name: string;
  /**
   * Lets a service account, a person, or each member of a group log in without a password. What they may do there is
   * said by GRANT, inside Postgres.
   */
  grantConnect(identity: AddressedIdentity): void;
}

abstract class InstanceBase extends Construct implements IPostgresInstance {
  abstract readonly name: string;
  /** Id of the project, for grants. */
  protected abstract readonly project: string;

  grantConnect(identity: AddressedIdentity): void {
    new SqlUser(this, `user-${identity.node.id}`, {
      instance: this.name,
      ...login(identity),
      // A user that owns tables cannot be dropped, and goes with the instance.
      deletionPolicy: "ABANDON",
    });
    for (const role of ["roles/cloudsql.client", "roles/cloudsql.instanceUser"]) {
      new ProjectIamMember(this, grantId(role, identity), {
        project: this.project,
        role,
        member: identity.member,
        condition: {
          title: "this-instance-only",
          expression: `resource.type == "sqladmin.googleapis.com/Instance" && resource.name == "projects/${this.project}/instances/${this.name}"`,
        },
      });
    }
  }
}

/** A Cloud SQL instance of Postgres that only its network reaches, over TLS, with IAM for passwords. */
export class PostgresInstance extends InstanceBase {
  /** An instance that exists already, or that another stack makes. Users and grants are made, the instance is not. */
  static fromName(scope: Construct, id: string, name: string, project: string): IPostgresInstance {
    return new ImportedInstance(scope, id, name, project);
  }

  override readonly name: string;
  /** `project:region:instance`, what connectors ask for. */
  readonly connectionName: string;
  protected override readonly project: string;

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const protect = props.deletionProtection ?? true;
    const pointInTimeDays = props.pointInTimeDays ?? 7;
    const instance = new SqlDatabaseInstance(this, "Resource", {
      name: props.name,
      region: props.region,
      databaseVersion: props.version ?? "POSTGRES_18",
      encryptionKeyName: props.kmsKey,
      deletionProtection: protect,
      settings: {
        tier: props.tier ?? "db-custom-1-3840",
        // Postgres 16 and later refuse shared-core machines in the edition they would get by default.
        edition: "ENTERPRISE",
        activationPolicy: "ALWAYS",
        availabilityType: props.highAvailability ? "REGIONAL" : "ZONAL",
        deletionProtectionEnabled: protect,
        diskType: "PD_SSD",
        diskSize: props.diskGib ?? 10,
        diskAutoresize: true,
        diskAutoresizeLimit: props.diskLimitGib ?? 100,
        userLabels: props.labels,
        databaseFlags: Object.entries({ ...auditedFlags, ...props.flags }).map(([name, value]) => ({
          name,
          value,
        })),
        backupConfiguration: {
          enabled: true,
          startTime: "02:00",
          pointInTimeRecoveryEnabled: pointInTimeDays > 0,
          transactionLogRetentionDays: pointInTimeDays > 0 ? pointInTimeDays : undefined,
          backupRetentionSettings: { retainedBackups: props.backups ?? 7, retentionUnit: "COUNT" },
        },
        ipConfiguration: {
          ipv4Enabled: false,
          privateNetwork: props.network,
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
      // It grows by itself; a plan must not shrink it, which would replace it.
      lifecycle: { ignoreChanges: ["settings[0].disk_size"] },
    });
    for (const name of props.databases) {
      new SqlDatabase(this, name, { name, instance: instance.name, deletionPolicy: "ABANDON" });
    }
    this.name = instance.name;
    this.connectionName = instance.connectionName;
    this.project = instance.project;
  }
}

class ImportedInstance extends InstanceBase {
  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
    protected override readonly project: string,
  ) {
    super(scope, id);
  }
}

/** Name and kind of the database user that someone is. */
function login({ email, member }: AddressedIdentity): { readonly name: string; readonly type: string } {
  if (member.startsWith("group:")) return { name: email.toLowerCase(), type: "CLOUD_IAM_GROUP" };
  if (member.startsWith("user:")) return { name: email.toLowerCase(), type: "CLOUD_IAM_USER" };
  // Postgres names are short: Google cuts this end off.
  return { name: Fn.trimsuffix(email, ".gserviceaccount.com"), type: "CLOUD_IAM_SERVICE_ACCOUNT" };
}

/** Who did what is logged, as the CIS benchmark asks; IAM decides who gets in. */
const auditedFlags = {
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

function faultsOf(props: PostgresInstanceProps): (string | false)[] {
  const { diskGib = 10, diskLimitGib = 100, pointInTimeDays = 7, backups = 7 } = props;
  return [
    malformed(
      "name",
      props.name,
      /^[a-z]([a-z0-9-]{0,58}[a-z0-9])?$/,
      "at most 60 lower-case letters, digits and dashes, starting with a letter",
    ),
    malformed(
      "network",
      props.network,
      /^projects\/[^/]+\/global\/networks\/[^/]+$/,
      "projects/<project>/global/networks/<name>",
    ),
    diskLimitGib < diskGib && `diskLimitGib: ${diskLimitGib} is less than diskGib, ${diskGib}`,
    (pointInTimeDays < 0 || pointInTimeDays > 7) && `pointInTimeDays: ${pointInTimeDays} must be from 0 to 7`,
    backups < pointInTimeDays && `backups: ${backups} must be at least pointInTimeDays, ${pointInTimeDays}`,
  ];
}
