import type { Construct } from "constructs";
import type { CiSettings, Environment } from "../config";
import { ArtifactRepository } from "../constructs/artifact-repository";
import { Budget } from "../constructs/budget";
import { CiIdentity } from "../constructs/ci-identity";
import { EnabledApis } from "../constructs/enabled-apis";
import { NotificationChannel } from "../constructs/notification-channel";
import { GoogleGroup } from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import { deployPermissions } from "./deploy-permissions";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** The base of all other stacks: state, APIs, image repository, identities for GitHub, and the budget. */
export class FoundationStack extends PlatformStack {
  private readonly apis: EnabledApis;

  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "foundation", props);
    const { environment } = props;
    this.apis = new EnabledApis(this, "apis", { apis: apis(environment) });
    const state = this.addBuckets(environment);
    const images = new ArtifactRepository(this, "images", {
      name: this.names.repository("images"),
      location: environment.region,
      description: "Images of the ingest job",
      kmsKey: this.kmsKey,
      dependsOn: this.apis.ready("artifactregistry"),
    });
    if (environment.ci !== undefined) this.addCi(environment, environment.ci, state, images);
    if (environment.budget !== undefined) {
      const channel = new NotificationChannel(this, "operators", {
        name: `Operators of ${environment.name}`,
        email: environment.alerts.email,
        labels: this.labels,
        dependsOn: this.apis.ready("monitoring"),
      });
      new Budget(this, "budget", {
        ...environment.budget,
        name: `Data platform ${environment.name}`,
        projectNumber: environment.project.number,
        channel,
        dependsOn: this.apis.ready("billingbudgets"),
      });
    }
  }

  /** The bucket for Terraform's state, and the bucket for the access logs of all buckets. */
  private addBuckets({ region, protectData }: Environment): StorageBucket {
    const logs = new StorageBucket(this, "access-logs", {
      name: this.names.bucket("access-logs"),
      location: region,
      expireDays: { "access/": 90 },
      kmsKey: this.kmsKey,
      forceDestroy: !protectData,
      dependsOn: this.apis.ready("storage"),
    });
    const writer = new GoogleGroup(this, "log-writer", "cloud-storage-analytics@google.com");
    logs.grant(writer, "roles/storage.objectCreator");
    return new StorageBucket(this, "state", {
      name: this.names.bucket("state"),
      location: region,
      noncurrentVersions: 20,
      kmsKey: this.kmsKey,
      accessLogBucket: logs,
      forceDestroy: !protectData,
      dependsOn: this.apis.ready("storage"),
    });
  }

  private addCi(
    environment: Environment,
    ci: CiSettings,
    state: StorageBucket,
    images: ArtifactRepository,
  ): void {
    const { project } = environment;
    const identity = new CiIdentity(this, "ci", {
      ...ci,
      project: project.id,
      projectNumber: project.number,
      poolName: this.names.identityPool("github"),
      planAccount: this.names.serviceAccount("ci-plan"),
      deployAccount: this.names.serviceAccount("ci-deploy"),
      deployRole: this.names.role("deploy"),
      deployPermissions,
      grantableRoles,
      dependsOn: this.apis.ready("iam", "cloudresourcemanager"),
    });
    state.grantRead(identity.plan);
    state.grantWrite(identity.deploy);
    images.grantPush(identity.deploy);
  }
}

/** APIs that the stacks use, depending on the optional settings. */
function apis({ database, transfer, ci, budget }: Environment): string[] {
  return [
    "artifactregistry",
    "bigquery",
    "bigqueryconnection",
    "cloudresourcemanager",
    "cloudscheduler",
    "compute",
    "iam",
    "logging",
    "monitoring",
    "run",
    "servicenetworking",
    "storage",
    "workflowexecutions",
    "workflows",
    ...(database ? ["sqladmin"] : []),
    ...(transfer ? ["storagetransfer"] : []),
    ...(ci ? ["iamcredentials", "sts"] : []),
    ...(budget ? ["billingbudgets"] : []),
  ];
}

/** Roles that other stacks grant on the project. */
export const grantableRoles = [
  "roles/bigquery.jobUser",
  "roles/cloudsql.client",
  "roles/cloudsql.instanceUser",
  "roles/logging.logWriter",
  "roles/storagetransfer.user",
  "roles/workflows.invoker",
] as const;
