import { createHash } from "node:crypto";
import type { Environment } from "../config";
import { ConfigurationError } from "../errors/faults";

/** What a thing of each kind is for; its name says so. A thing of a data set is named after that too. */
interface Purposes {
  readonly bucket: "access-logs" | "lake" | "state";
  readonly dataset: "core" | "raw" | "staging";
  readonly serviceAccount: "ci-deploy" | "ci-plan" | "ingest" | "scheduler" | "workflow";
  readonly repository: "images";
  readonly network: "platform";
  readonly identityPool: "github";
  readonly role: "deploy";
  readonly awsRole: "transfer";
  /** Workflows and schedules of each data set: what ingests it, and what looks whether it is overdue. */
  readonly dataSetWorkflow: "fresh" | "ingest";
}

/**
 * The names of everything the platform creates: (environment, purpose) -> name, with no look-up and no reference.
 * Any stack can name a thing of any other, so that each stack plans alone on an empty project.
 *
 * Every method throws ConfigurationError when the service would refuse the name.
 */
export class Names {
  constructor(private readonly environment: Pick<Environment, "name" | "project" | "region">) {}

  /** `<project>-dev-lake`: bucket names are shared by the whole world, so the project's id leads. */
  bucket(purpose: Purposes["bucket"]): string {
    return nameOf("bucket", [this.environment.project.id, this.environment.name, purpose]);
  }

  /** `dev_raw`, a BigQuery dataset. */
  dataset(purpose: Purposes["dataset"]): string {
    return this.local("dataset", purpose);
  }

  /** `dev-ingest`, the part of a service account before the @. */
  serviceAccount(purpose: Purposes["serviceAccount"]): string {
    return this.local("service account", purpose);
  }

  /** `dev-ingest@<project>.iam.gserviceaccount.com` */
  serviceAccountEmail(purpose: Purposes["serviceAccount"]): string {
    return `${this.serviceAccount(purpose)}@${this.environment.project.id}.iam.${accountDomain}`;
  }

  /** `dev-ingest@<project>.iam`, the account as a user of Postgres, whose names may have 63 bytes. */
  databaseUser(purpose: Purposes["serviceAccount"]): string {
    return this.serviceAccountEmail(purpose).slice(0, -`.${accountDomain}`.length);
  }

  /** `project-<number>@storage-transfer-service.iam.gserviceaccount.com`, Google's agent that copies from S3. */
  transferAgentEmail(): string {
    return `project-${this.environment.project.number}@storage-transfer-service.iam.${accountDomain}`;
  }

  /** `dev-ingest-yellow-tripdata`, the Cloud Run job of a data set. */
  job(purpose: "ingest", dataset: string): string {
    return this.local("job", purpose, dataset);
  }

  /** `dev-ingest-yellow-tripdata`, a Cloud Scheduler job of a data set. */
  schedule(purpose: Purposes["dataSetWorkflow"], dataset: string): string {
    return this.local("schedule", purpose, dataset);
  }

  /** `dev-backfill`, a workflow for all data sets. */
  workflow(purpose: "backfill"): string {
    return this.local("workflow", purpose);
  }

  /** `dev-ingest-yellow-tripdata`, a workflow of a data set. */
  dataSetWorkflow(purpose: Purposes["dataSetWorkflow"], dataset: string): string {
    return this.local("workflow", purpose, dataset);
  }

  /** `dev-ingest-`, what the names of all such workflows begin with. */
  dataSetWorkflowPrefix(purpose: Purposes["dataSetWorkflow"]): string {
    return `${this.environment.name}-${purpose}-`;
  }

  /**
   * `dataSetWorkflow` in the language of Google Workflows, for a data set that a variable holds.
   *
   * @param leading text in front of the name. @default - none
   */
  dataSetWorkflowExpression(purpose: Purposes["dataSetWorkflow"], variable: string, leading = ""): string {
    return `"${leading}${this.dataSetWorkflowPrefix(purpose)}" + text.replace_all(${variable}, "_", "-")`;
  }

  /** `dev-images`, an Artifact Registry repository. */
  repository(purpose: Purposes["repository"]): string {
    return this.local("repository", purpose);
  }

  /** `dev-platform`, a VPC network; its subnet and rules are named after it. */
  network(purpose: Purposes["network"]): string {
    return this.local("network", purpose);
  }

  /** `projects/<project>/global/networks/dev-platform` */
  networkPath(purpose: Purposes["network"]): string {
    return `projects/${this.environment.project.id}/global/networks/${this.network(purpose)}`;
  }

  /** `projects/<project>/regions/<region>/subnetworks/dev-platform-subnet` */
  subnetPath(purpose: Purposes["network"]): string {
    const { project, region } = this.environment;
    return `projects/${project.id}/regions/${region}/subnetworks/${this.network(purpose)}-subnet`;
  }

  /**
   * `dev-postgres-1`, a Cloud SQL instance.
   *
   * @param generation a deleted instance blocks its name for a week, so that the next one needs another number
   */
  instance(purpose: "postgres", generation: number): string {
    return this.local("instance", purpose, String(generation));
  }

  /** `<project>:<region>:dev-postgres-1`, what connectors ask for. */
  connection(purpose: "postgres", generation: number): string {
    const { project, region } = this.environment;
    return `${project.id}:${region}:${this.instance(purpose, generation)}`;
  }

  /** `dev-github`, a Workload Identity pool. */
  identityPool(purpose: Purposes["identityPool"]): string {
    return this.local("identity pool", purpose);
  }

  /** `dev_deploy`, a custom IAM role. */
  role(purpose: Purposes["role"]): string {
    return this.local("role", purpose);
  }

  /** `dev-yellow-tripdata`, the Storage Transfer job of a data set. */
  transferJob(dataset: string): string {
    return this.local("transfer job", dataset);
  }

  /** `dev-transfer`, an AWS role. */
  awsRole(purpose: Purposes["awsRole"]): string {
    return this.local("AWS role", purpose);
  }

  /** `dev-green-tripdata`, the SQS queue of a data set. */
  queue(dataset: string): string {
    return this.local("queue", dataset);
  }

  private local(kind: NameKind, ...parts: readonly string[]): string {
    return nameOf(kind, [this.environment.name, ...parts]);
  }
}

const accountDomain = "gserviceaccount.com";

interface Rule {
  readonly shortest: number;
  readonly longest: number;
  /** Between words; the other of - and _ is replaced by it. @default - the dash */
  readonly separator?: "_";
}

export type NameKind = keyof typeof rules;

/** What each service accepts, after its reference; shorter where the platform adds something. */
const rules = {
  bucket: { shortest: 3, longest: 63 },
  dataset: { shortest: 1, longest: 1024, separator: "_" },
  "service account": { shortest: 6, longest: 30 },
  job: { shortest: 1, longest: 49 },
  schedule: { shortest: 1, longest: 500 },
  workflow: { shortest: 1, longest: 64 },
  repository: { shortest: 1, longest: 63 },
  network: { shortest: 1, longest: 48 },
  instance: { shortest: 1, longest: 60 },
  "identity pool": { shortest: 4, longest: 32 },
  role: { shortest: 3, longest: 56, separator: "_" },
  "transfer job": { shortest: 1, longest: 100 },
  "AWS role": { shortest: 1, longest: 64 },
  queue: { shortest: 1, longest: 75 },
} as const satisfies Record<string, Rule>;

/**
 * The name of a thing of this kind, from its parts.
 *
 * @throws ConfigurationError when the service would refuse it
 */
export function nameOf(kind: NameKind, parts: readonly string[]): string {
  const rule: Rule = rules[kind];
  const separator = rule.separator ?? "-";
  const whole = parts.join(separator).replaceAll(/[-_]/g, separator);
  const name = shortened(whole, separator, rule.longest);
  if (wellFormed[separator].test(name) && name.length >= rule.shortest) return name;
  throw new ConfigurationError(`the name of a ${kind}`, [
    `"${name}": must be ${rule.shortest} to ${rule.longest} lower-case letters, digits and ${separator}, starting ` +
      `with a letter and not ending with ${separator}`,
  ]);
}

const wellFormed = {
  "-": /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
  _: /^[a-z]([a-z0-9_]*[a-z0-9])?$/,
};

const hashLength = 6;

/** A name that is too long keeps its start and ends with a hash of the whole, so that no two become one. */
function shortened(name: string, separator: string, longest: number): string {
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  const start = name.slice(0, longest - hashLength - 1).replace(/[-_]+$/, "");
  return `${start}${separator}${hash}`;
}
