import {
  CloudRunV2Job,
  type CloudRunV2JobTemplateTemplateContainersEnv,
} from "@cdktf/provider-google/lib/cloud-run-v2-job";
import { CloudRunV2JobIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-job-iam-member";
import type { Construct, IConstruct } from "constructs";
import { type Fault, malformed, notWhole, refuse } from "./errors";
import { Grant, grantId, grantOnce } from "./grant";
import type { ScheduleTarget } from "./http-schedule";
import type { IKmsKey } from "./kms-key";
import type { IPostgresInstance } from "./postgres-instance";
import type { IPrivateNetwork } from "./private-network";
import { importProject } from "./provider-project";
import type { SecretVersion } from "./secret";
import type { Identity, ServiceAccountIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface CloudRunJobProps {
  /** At most 49 lowercase letters, digits and hyphens. */
  readonly name: string;
  /** Region in which the job runs. */
  readonly location: string;
  /** Container image by digest, so that the image that was reviewed is the one that runs. */
  readonly image: string;
  /** Service account the job runs as. The project's default account, an editor of everything, is never used. */
  readonly identity: ServiceAccountIdentity;
  /** Arguments of the container. @default - the image's own command */
  readonly args?: readonly string[];
  /** Environment variables. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables whose values are secrets; the identity needs `Secret.grantRead`. @default - none */
  readonly secrets?: Readonly<Record<string, SecretVersion>>;
  /** Instances to which the job connects through sockets under /cloudsql. @default - none */
  readonly cloudSqlInstances?: readonly IPostgresInstance[];
  /** Network for traffic to private addresses; other traffic goes to the internet directly. @default - none */
  readonly network?: IPrivateNetwork;
  /** Virtual CPUs: 1, 2, 4 or 8. @default 1 */
  readonly cpu?: number;
  /** Memory in GiB, including the files that the job writes. @default 2 */
  readonly memoryGib?: number;
  /** Timeout of an attempt, in seconds. @default 3600 */
  readonly timeoutSeconds?: number;
  /** How often a failed task is retried. @default 0, since the caller knows which errors are transient */
  readonly maxRetries?: number;
  /** Number of tasks in an execution. @default 1 */
  readonly taskCount?: number;
  /** Number of tasks that run at the same time. @default 1 */
  readonly parallelism?: number;
  /** Key that encrypts the image and the files of the job. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform refuses to delete or replace the job. @default true */
  readonly deletionProtection?: boolean;
  /** What must be created first, such as a grant that the job needs. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A Cloud Run job, new or imported. */
export interface ICloudRunJob extends IConstruct {
  /** Name of the job. */
  readonly name: string;
  /** Region in which the job runs. */
  readonly location: string;
  /** Lets the identity start the job. */
  grantRun(identity: Identity): Grant;
  /** Lets the identity start the job with other arguments, and follow its executions. */
  grantRunWithArguments(identity: Identity): Grant;
  /** Grants any other role on the job. */
  grant(identity: Identity, role: string): Grant;
  /**
   * The request that a schedule sends to start the job. The schedule's identity needs `grantRun`, or
   * `grantRunWithArguments` if there are arguments.
   *
   * @param args arguments of the container. @default - those of the job
   */
  startTarget(args?: readonly string[]): ScheduleTarget;
}

abstract class JobBase extends TerraformConstruct implements ICloudRunJob {
  abstract readonly name: string;
  abstract readonly location: string;
  /** Id of the project. */
  protected abstract readonly project: string;

  grantRun(identity: Identity): Grant {
    return this.grant(identity, "roles/run.invoker");
  }

  grantRunWithArguments(identity: Identity): Grant {
    return Grant.all(
      this.grant(identity, "roles/run.jobsExecutorWithOverrides"),
      this.grant(identity, "roles/run.viewer"),
    );
  }

  startTarget(args: readonly string[] = []): ScheduleTarget {
    const name = `projects/${this.project}/locations/${this.location}/jobs/${this.name}`;
    return {
      uri: `https://run.googleapis.com/v2/${name}:run`,
      body: args.length === 0 ? undefined : JSON.stringify({ overrides: { containerOverrides: [{ args }] } }),
    };
  }

  grant(identity: Identity, role: string): Grant {
    return grantOnce(this, grantId(role, identity), CloudRunV2JobIamMember, {
      name: this.name,
      location: this.location,
      role,
      member: identity.member,
    });
  }
}

/** A Cloud Run job with its own service account. */
export class CloudRunJob extends JobBase {
  /**
   * Imports a job that exists already or that another stack creates. Grants on it are created; the job itself is not
   * managed.
   *
   * @param project id of the job's project. @default - that of the stack's Google provider
   */
  static fromName(
    scope: Construct,
    id: string,
    name: string,
    location: string,
    project?: string,
  ): ICloudRunJob {
    return new ImportedJob(scope, id, name, location, project);
  }

  override readonly name: string;
  override readonly location: string;
  protected override readonly project: string;

  constructor(scope: Construct, id: string, props: CloudRunJobProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const instances = props.cloudSqlInstances?.map(({ connectionName }) => connectionName) ?? [];
    const job = new CloudRunV2Job(this, "Resource", {
      name: props.name,
      location: props.location,
      labels: props.labels,
      deletionProtection: props.deletionProtection ?? true,
      template: {
        taskCount: props.taskCount ?? 1,
        parallelism: props.parallelism ?? 1,
        template: {
          serviceAccount: props.identity.email,
          timeout: `${props.timeoutSeconds ?? 3600}s`,
          maxRetries: props.maxRetries ?? 0,
          encryptionKey: props.kmsKey?.resourceName,
          executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
          containers: [
            {
              image: props.image,
              args: props.args && [...props.args],
              env: variables(props),
              resources: {
                limits: { cpu: String(props.cpu ?? 1), memory: `${props.memoryGib ?? 2}Gi` },
              },
              volumeMounts: instances.length > 0 ? [{ name: "cloudsql", mountPath: "/cloudsql" }] : undefined,
            },
          ],
          vpcAccess: props.network && {
            egress: "PRIVATE_RANGES_ONLY",
            networkInterfaces: [
              { network: props.network.resourceName, subnetwork: props.network.subnetResourceName },
            ],
          },
          volumes: instances.length > 0 ? [{ name: "cloudsql", cloudSqlInstance: { instances } }] : undefined,
        },
      },
      // Whatever changed the job last writes these: gcloud or the console.
      lifecycle: { ignoreChanges: ["client", "client_version"] },
    });
    const secrets = Object.values(props.secrets ?? {}).flatMap(({ ready }) => ready ?? []);
    job.node.addDependency(props.identity.ready, ...secrets, ...(props.dependsOn ?? []));
    this.name = job.name;
    this.location = job.location;
    this.project = job.project;
  }
}

class ImportedJob extends JobBase {
  protected override readonly project: string;

  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
    override readonly location: string,
    project?: string,
  ) {
    super(scope, id);
    this.project = project ?? importProject(this);
  }
}

function variables({ environment = {}, secrets = {} }: CloudRunJobProps) {
  const plain = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const hidden: CloudRunV2JobTemplateTemplateContainersEnv[] = Object.entries(secrets).map(
    ([name, { secret, version }]) => ({ name, valueSource: { secretKeyRef: { secret, version } } }),
  );
  return [...plain, ...hidden];
}

function faultsOf(props: CloudRunJobProps): Fault[] {
  const { cpu = 1, memoryGib: memory = 2, environment = {}, secrets = {} } = props;
  return [
    malformed(
      "name",
      props.name,
      /^[a-z][a-z0-9-]{0,47}[a-z0-9]$/,
      "at most 49 lowercase letters, digits and hyphens",
    ),
    malformed(
      "image",
      props.image,
      /@sha256:[0-9a-f]{64}$/,
      "pinned by digest, ending in @sha256:<64 hex digits>: a tag can be moved after the review",
    ),
    ![1, 2, 4, 8].includes(cpu) && `cpu: ${cpu} must be 1, 2, 4 or 8`,
    (memory > 4 * cpu || memory > 32) &&
      `memoryGib: ${memory} exceeds ${Math.min(4 * cpu, 32)} GiB, the maximum for ${cpu} CPU`,
    cpu > 2 &&
      memory < cpu / 2 &&
      `memoryGib: ${memory} is less than ${cpu / 2} GiB, the minimum for ${cpu} CPU`,
    notWhole("timeoutSeconds", props.timeoutSeconds ?? 3600, 1, 604_800),
    notWhole("maxRetries", props.maxRetries ?? 0, 0, 10),
    notWhole("taskCount", props.taskCount ?? 1, 1, 10_000),
    notWhole("parallelism", props.parallelism ?? 1, 1, props.taskCount ?? 1),
    ...Object.keys(secrets).map(
      (name) => name in environment && `secrets.${name}: also in environment; remove one of the two`,
    ),
    ...Object.entries(secrets).map(([name, { version }]) =>
      malformed(`secrets.${name}.version`, version, /^\d+$/, "a number, not an alias"),
    ),
  ];
}
