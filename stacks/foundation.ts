import type { Construct } from "constructs";
import type { DatasetSpec } from "../dataset";
import type { CiSettings, Environment } from "../config";
import { ArtifactRepository } from "../constructs/artifact-repository";
import { Budget } from "../constructs/budget";
import { CiIdentity } from "../constructs/ci-identity";
import { CustomRole } from "../constructs/custom-role";
import { DataAccessLogs } from "../constructs/data-access-logs";
import { EnabledApis } from "../constructs/enabled-apis";
import {
  GoogleGroup,
  type Identity,
  type ServiceAccountIdentity,
  ServiceIdentity,
} from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import type { Dependency } from "../constructs/terraform-construct";
import { grantExports } from "./database-export";
import { ciPermissions } from "./deploy-permissions";
import type { Names } from "./naming";
import { hasPolicyTags } from "./policies";
import { type PlatformProps, PlatformStack, stacksOfCi } from "./platform-stack";
import { workloadRoles } from "./roles";
import { type RunAsAccount, runAsAccounts, runAsPurposes } from "./run-as";

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
      cleanupDryRun: environment.imageCleanup === "log",
      kmsKey: this.kmsKey,
      dependsOn: this.apis.ready("artifactregistry"),
    });
    const roles = this.addRoles(props);
    const deployer = environment.ci && this.addCi(props, environment.ci, { state, images, roles });
    this.addAccounts(environment, deployer);
    if (environment.budget !== undefined) {
      const channels = this.operators(`Operators of ${environment.name}`, this.apis.ready("monitoring"));
      new Budget(this, "budget", {
        ...environment.budget,
        name: `Data platform ${environment.name}`,
        projectNumber: environment.project.number,
        channels,
        dependsOn: this.apis.ready("billingbudgets"),
      });
    }
  }

  /** The bucket for Terraform's state, and the bucket for the logs of who accessed data. */
  private addBuckets({ region, protectData, audit = {} }: Environment): StorageBucket {
    const logs = new StorageBucket(this, "access-logs", {
      name: this.names.bucket("access-logs"),
      location: region,
      expireDays: { "access/": 90, "cloudaudit.googleapis.com/": audit.retentionDays ?? 90 },
      kmsKey: this.kmsKey,
      forceDestroy: !protectData,
      dependsOn: this.apis.ready("storage"),
    });
    new DataAccessLogs(this, "data-access-logs", {
      services: ["storage"],
      sinkName: this.names.sink("data-access"),
      bucket: logs,
      dependsOn: this.apis.ready("logging", "storage", "cloudresourcemanager"),
    });
    if (audit.usageLogs === true) {
      const writer = new GoogleGroup(this, "log-writer", "cloud-storage-analytics@google.com");
      logs.grant(writer, "roles/storage.objectCreator");
    }
    return new StorageBucket(this, "state", {
      name: this.names.bucket("state"),
      location: region,
      noncurrentVersions: 20,
      kmsKey: this.kmsKey,
      accessLogBucket: audit.usageLogs === true ? logs : undefined,
      forceDestroy: !protectData,
      dependsOn: this.apis.ready("storage"),
    });
  }

  private addCi(
    { environment, catalog }: PlatformProps,
    ci: CiSettings,
    { state, images, roles }: CiResources,
  ): Identity {
    const { project } = environment;
    const permissions = ciPermissions(environment, this.names);
    const identity = new CiIdentity(this, "ci", {
      ...ci,
      project: project.id,
      projectNumber: project.number,
      poolName: this.names.identityPool("github"),
      planAccount: this.names.serviceAccount("ci-plan"),
      deployAccount: this.names.serviceAccount("ci-deploy"),
      planRole: this.names.role("plan"),
      deployRole: this.names.role("deploy"),
      planPermissions: permissions.plan,
      deployPermissions: permissions.deploy,
      limitedPermissions: permissions.limited,
      grantableRoles: grantableRoles(environment, catalog, this.names),
      dependsOn: this.apis.ready("iam", "cloudresourcemanager"),
    });
    // Whoever writes the state of the foundation decides what its next deployment, by the owner, does.
    const optional: Partial<Record<string, boolean>> = {
      composer: environment.orchestrator === "composer",
      streaming: environment.streaming !== undefined,
    };
    const prefixes = stacksOfCi
      .filter((purpose) => optional[purpose] ?? true)
      .map((purpose) => `${environment.name}/${purpose}/`);
    state.grantRead(identity.plan, ...prefixes);
    state.grantWrite(identity.deploy, ...prefixes);
    // Terraform lists the states of a backend; a list cannot be limited to a prefix.
    for (const each of [identity.plan, identity.deploy]) {
      const { resources } = state.grant(each, this.names.rolePath("list"));
      for (const resource of resources) resource.node.addDependency(...roles);
    }
    images.grantPush(identity.deploy);
    return identity.deploy;
  }

  /**
   * All accounts are created here, so that only the owner of the project says who acts as them, and so that they exist
   * before another stack grants them something.
   */
  private addAccounts(environment: Environment, deployer: Identity | undefined): void {
    const dependsOn = this.apis.ready("iam");
    for (const purpose of runAsPurposes(environment)) {
      const account = this.account(environment, purpose, dependsOn);
      if (deployer !== undefined) account.grantActAs(deployer);
      if (purpose === "spark") this.grantBatches(account);
      // Here, so that GitHub, which deploys the schedule, cannot say what may be exported.
      if (purpose === "export") grantExports(this, account, { environment, names: this.names, dependsOn });
    }
    new ServiceIdentity(this, "data-owner", {
      name: this.names.serviceAccount("data-owner"),
      description: "Owns the datasets, which need an owner; nobody can use it",
      dependsOn,
    });
  }

  /** The workflow starts batches, which run as this account. */
  private grantBatches(account: ServiceAccountIdentity): void {
    account.grantActAs(
      ServiceIdentity.fromEmail(this, "batch-starter", this.names.serviceAccountEmail("workflow")),
    );
  }

  private account(
    { existing }: Environment,
    purpose: RunAsAccount,
    dependsOn: readonly Dependency[],
  ): ServiceAccountIdentity {
    if (existing?.serviceAccounts?.[purpose] !== undefined)
      return ServiceIdentity.fromEmail(this, purpose, this.names.serviceAccountEmail(purpose));
    const name = this.names.serviceAccount(purpose);
    // Until 0.1.0 other stacks created them.
    return new ServiceIdentity(this, purpose, {
      name,
      description: runAsAccounts[purpose],
      adopt: true,
      dependsOn,
    });
  }

  /** Roles are created here, because whoever changes a role changes what its members may do. */
  private addRoles({ environment, catalog }: PlatformProps): CustomRole[] {
    const dependsOn = this.apis.ready("iam");
    return workloadRoles(environment, catalog).map(
      ({ purpose, ...role }) =>
        new CustomRole(this, `${purpose}-role`, { ...role, name: this.names.role(purpose), dependsOn }),
    );
  }
}

/** What CI gets access to, and the roles that it is granted there. */
interface CiResources {
  readonly state: StorageBucket;
  readonly images: ArtifactRepository;
  readonly roles: readonly CustomRole[];
}

/** APIs that the stacks use, depending on the optional settings. */
function apis({ database, spark, streaming, transfer, ci, budget, orchestrator }: Environment): string[] {
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
    ...(streaming ? ["managedkafka"] : []),
    ...(transfer ? ["storagetransfer"] : []),
    ...(spark ? ["dataproc"] : []),
    ...(ci ? ["iamcredentials", "sts"] : []),
    ...(budget ? ["billingbudgets"] : []),
    ...(orchestrator === "composer" ? ["composer"] : []),
  ];
}

/** Roles that other stacks grant on the project. */
export function grantableRoles(
  {
    spark,
    streaming,
    transfer,
    orchestrator,
  }: Pick<Environment, "orchestrator" | "spark" | "streaming" | "transfer">,
  catalog: ReadonlyMap<string, DatasetSpec>,
  names: Names,
): string[] {
  return [
    ...(streaming ? ["roles/managedkafka.client"] : []),
    ...(hasPolicyTags(catalog) ? [names.rolePath("tag")] : []),
    ...(transfer ? [names.rolePath("transfer")] : []),
    ...(spark ? [names.rolePath("batches"), "roles/dataproc.worker"] : []),
    "roles/bigquery.jobUser",
    "roles/cloudsql.client",
    "roles/cloudsql.instanceUser",
    ...(orchestrator === "composer" ? ["roles/composer.worker"] : []),
    "roles/logging.logWriter",
    "roles/workflows.invoker",
  ];
}
