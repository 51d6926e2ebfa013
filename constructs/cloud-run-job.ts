import {
  CloudRunV2Job,
  type CloudRunV2JobTemplateTemplateContainersEnv,
} from "@cdktf/provider-google/lib/cloud-run-v2-job";
import { CloudRunV2JobIamMember } from "@cdktf/provider-google/lib/cloud-run-v2-job-iam-member";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import type { ScheduleTarget } from "./http-schedule";
import type { SecretVersion } from "./secret";
import { grantId, type Identity, type ServiceAccountIdentity } from "./service-identity";

export interface CloudRunJobProps {
  /** At most 49 lower-case letters, digits and dashes. */
  readonly name: string;
  /** Region in which the job runs. */
  readonly location: string;
  /** Container image by digest, so that what was reviewed is what runs. */
  readonly image: string;
  /** Whom the job acts as. There is no falling back to the project's default account, which may edit everything. */
  readonly identity: ServiceAccountIdentity;
  /** What the container is started with. @default - the image's own command */
  readonly args?: readonly string[];
  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables that a secret fills, by variable; see `Secret.grantRead`. @default - none */
  readonly secrets?: Readonly<Record<string, SecretVersion>>;
  /** Connection names (`project:region:instance`) that appear as sockets under /cloudsql. @default - none */
  readonly cloudSqlInstances?: readonly string[];
  /** Network through which private addresses are reached; the rest goes to the internet. @default - none */
  readonly network?: { readonly network: string; readonly subnetwork: string };
  /** Virtual CPUs: 1, 2, 4 or 8. @default 1 */
  readonly cpu?: number;
  /** Memory in GiB, which includes the files the job writes. @default 2 */
  readonly memoryGib?: number;
  /** Longest an attempt may take, in seconds. @default 3600 */
  readonly timeoutSeconds?: number;
  /** How often a failed task is started again. @default 0, whoever starts the job knows which failures pass */
  readonly maxRetries?: number;
  /** Tasks of one execution. @default 1 */
  readonly taskCount?: number;
  /** Tasks that run at the same moment. @default 1 */
  readonly parallelism?: number;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform refuses to delete or replace the job. @default true */
  readonly deletionProtection?: boolean;
}

/** A Cloud Run job, whoever made it. */
export interface ICloudRunJob {
  /** Name of the job. */
  readonly name: string;
  /** Region it runs in. */
  readonly location: string;
  /** Lets the identity start the job as it is. */
  grantRun(identity: Identity): void;
  /** Lets the identity start the job with other arguments and follow its executions. */
  grantRunWithArguments(identity: Identity): void;
}

abstract class JobBase extends Construct implements ICloudRunJob {
  abstract readonly name: string;
  abstract readonly location: string;

  grantRun(identity: Identity): void {
    this.grant(identity, "roles/run.invoker");
  }

  grantRunWithArguments(identity: Identity): void {
    this.grant(identity, "roles/run.jobsExecutorWithOverrides");
    this.grant(identity, "roles/run.viewer");
  }

  private grant(identity: Identity, role: string): void {
    new CloudRunV2JobIamMember(this, grantId(role, identity), {
      name: this.name,
      location: this.location,
      role,
      member: identity.member,
    });
  }
}

/** A container that ingests and ends: a Cloud Run job with an account of its own. */
export class CloudRunJob extends JobBase {
  /** A job that exists already, or that another stack makes. Grants on it are made, the job is not. */
  static fromName(scope: Construct, id: string, name: string, location: string): ICloudRunJob {
    return new ImportedJob(scope, id, name, location);
  }

  override readonly name: string;
  override readonly location: string;
  private readonly project: string;

  constructor(scope: Construct, id: string, props: CloudRunJobProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const instances = props.cloudSqlInstances ?? [];
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
            networkInterfaces: [props.network],
          },
          volumes:
            instances.length > 0
              ? [{ name: "cloudsql", cloudSqlInstance: { instances: [...instances] } }]
              : undefined,
        },
      },
      // Written by whoever touched the job last, gcloud or the console.
      lifecycle: { ignoreChanges: ["client", "client_version"] },
      dependsOn: waitsFor(props),
    });
    this.name = job.name;
    this.location = job.location;
    this.project = job.project;
  }

  /**
   * What a schedule calls to start the job. Its caller needs `grantRun`, or `grantRunWithArguments` when there are
   * arguments.
   */
  startTarget(args: readonly string[] = []): ScheduleTarget {
    const name = `projects/${this.project}/locations/${this.location}/jobs/${this.name}`;
    return {
      uri: `https://run.googleapis.com/v2/${name}:run`,
      body: args.length === 0 ? undefined : JSON.stringify({ overrides: { containerOverrides: [{ args }] } }),
    };
  }
}

class ImportedJob extends JobBase {
  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
    override readonly location: string,
  ) {
    super(scope, id);
  }
}

/** The right to act as the job's account, and to read its secrets. */
function waitsFor({ identity, secrets = {} }: CloudRunJobProps) {
  const all = [...(identity.ready ?? []), ...Object.values(secrets).flatMap(({ ready = [] }) => ready)];
  return all.length === 0 ? undefined : all;
}

function variables({ environment = {}, secrets = {} }: CloudRunJobProps) {
  const plain = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const hidden: CloudRunV2JobTemplateTemplateContainersEnv[] = Object.entries(secrets).map(
    ([name, { secret, version }]) => ({ name, valueSource: { secretKeyRef: { secret, version } } }),
  );
  return [...plain, ...hidden];
}

function faultsOf(props: CloudRunJobProps): (string | false)[] {
  const { cpu = 1, memoryGib: memory = 2 } = props;
  return [
    malformed(
      "name",
      props.name,
      /^[a-z][a-z0-9-]{0,47}[a-z0-9]$/,
      "at most 49 lower-case letters, digits and dashes",
    ),
    malformed(
      "image",
      props.image,
      /@sha256:[0-9a-f]{64}$/,
      "given by digest, ending in @sha256:<64 hex digits>: a tag can be moved after the review",
    ),
    ![1, 2, 4, 8].includes(cpu) && `cpu: ${cpu} must be 1, 2, 4 or 8`,
    (memory > 4 * cpu || memory > 32) &&
      `memoryGib: ${memory} is more than ${4 * cpu} GiB, the most ${cpu} CPU take`,
    cpu > 2 &&
      memory < cpu / 2 &&
      `memoryGib: ${memory} is less than ${cpu / 2} GiB, the least ${cpu} CPU take`,
    ...Object.entries(props.secrets ?? {}).map(([name, { version }]) =>
      malformed(`secrets.${name}.version`, version, /^\d+$/, "a number, not an alias"),
    ),
  ];
}
