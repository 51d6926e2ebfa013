import { createHash } from "node:crypto";
import type { Environment } from "../config";
import { ConfigurationError } from "../errors/faults";

/** The purpose of a resource, by kind. It is part of the name. */
export interface Purposes {
  readonly bucket: "access-logs" | "composer" | "database-exports" | "lake" | "specifications" | "state";
  readonly dataset: "core" | "raw" | "staging" | "temporary";
  readonly bigqueryConnection: "lake";
  readonly serviceAccount:
    | "ci-deploy"
    | "ci-plan"
    | "composer"
    | "data-owner"
    | "export"
    | "ingest"
    | "scheduler"
    | "transform"
    | "workflow";
  readonly composerEnvironment: "airflow";
  readonly repository: "images";
  readonly network: "platform";
  readonly kafkaCluster: "streaming";
  readonly identityPool: "github";
  readonly role: "deploy" | "export" | "list" | "load" | "plan" | "run" | "tag" | "transfer";
  readonly awsRole: "transfer";
  /** Cloud Run jobs: one task for one period, one task for each of several periods, and the dbt project. */
  readonly job: "backfill" | "ingest" | "transform";
  /** Workflows: the pipeline, the pipelines of several data sets, the freshness check, and the export of the database. */
  readonly workflow: "backfill" | "export" | "fresh" | "ingest";
}

/**
 * Computes the names of all resources: (environment, purpose) -> name, without lookups or references. Any stack can
 * name a resource of any other stack, so each stack can be planned alone on an empty project.
 *
 * All methods throw ConfigurationError if the service would not accept the name.
 */
export class Names {
  constructor(
    private readonly environment: Pick<
      Environment,
      "name" | "project" | "region" | "namePattern" | "existing"
    >,
  ) {}

  /** `dev_` or `dev-`, with which the names of one environment, and of no other, start. */
  prefix(separator: "-" | "_"): string {
    const [start = ""] = this.patterned("{purpose}").split("{purpose}");
    return start.replaceAll("-", separator);
  }

  /** `<project>-dev-lake`. Bucket names are globally unique, so they start with the project ID. */
  bucket(purpose: Purposes["bucket"]): string {
    const { existing, project } = this.environment;
    if (purpose === "lake" && existing?.lakeBucket !== undefined) return existing.lakeBucket;
    return nameOf("bucket", [project.id, this.patterned(purpose)]);
  }

  /** The buckets that other stacks than the foundation create. */
  deployedBuckets({ orchestrator }: Pick<Environment, "orchestrator">): string[] {
    const purposes = ["database-exports", "lake", "specifications"] as const;
    const all = orchestrator === "composer" ? ([...purposes, "composer"] as const) : purposes;
    return all.map((purpose) => this.bucket(purpose));
  }

  /** `dev_raw`, a BigQuery dataset. */
  dataset(purpose: Purposes["dataset"]): string {
    const datasets: Partial<Record<string, string>> = this.environment.existing?.datasets ?? {};
    return datasets[purpose] ?? this.local("dataset", purpose);
  }

  /** `dev_`, and the names of existing datasets: with these, the names of all datasets of the environment start. */
  datasetPrefixes(): string[] {
    return [this.prefix("_"), ...Object.values(this.environment.existing?.datasets ?? {})];
  }

  /** `dev-lake`, a connection of BigQuery. */
  bigqueryConnection(purpose: Purposes["bigqueryConnection"]): string {
    return this.local("BigQuery connection", purpose);
  }

  /** `dev-ingest`, the part of a service account before the @. */
  serviceAccount(purpose: Purposes["serviceAccount"]): string {
    return this.local("service account", purpose);
  }

  /** `dev-ingest@<project>.iam.gserviceaccount.com` */
  serviceAccountEmail(purpose: Purposes["serviceAccount"]): string {
    const accounts: Partial<Record<string, string>> = this.environment.existing?.serviceAccounts ?? {};
    const existing = accounts[purpose];
    if (existing !== undefined) return existing;
    return `${this.serviceAccount(purpose)}@${this.environment.project.id}.iam.${accountDomain}`;
  }

  /** `dev-ingest@<project>.iam`, the service account as a Postgres user; user names are limited to 63 bytes. */
  databaseUser(purpose: Purposes["serviceAccount"]): string {
    return this.serviceAccountEmail(purpose).slice(0, -`.${accountDomain}`.length);
  }

  /** `project-<number>@storage-transfer-service.iam.gserviceaccount.com`, the service agent that copies from S3. */
  transferAgentEmail(): string {
    return `project-${this.environment.project.number}@storage-transfer-service.iam.${accountDomain}`;
  }

  /**
   * `dev-ingest`, a Cloud Run job.
   *
   * @param size name of the tasks' size. @default - that of data sets without one
   */
  job(purpose: Purposes["job"], size?: string): string {
    return this.local("job", purpose, ...(size === undefined ? [] : [size]));
  }

  /** `dev-ingest`, a workflow. */
  workflow(purpose: Purposes["workflow"]): string {
    return this.local("workflow", purpose);
  }

  /** `dev-fresh`, or `dev-ingest-yellow-tripdata`, a Cloud Scheduler job of one data set. */
  schedule(purpose: "export" | "fresh" | "ingest" | "rebuild", dataset?: string): string {
    return this.local("schedule", purpose, ...(dataset === undefined ? [] : [dataset]));
  }

  /** `dev-at-0-6-2-x-x-europe-zurich-1a2b3c`, the Cloud Scheduler job of several data sets with one time. */
  scheduleAt(cron: string, timeZone: string): string {
    return this.local("schedule", scheduleId(cron, timeZone));
  }

  /** `dev-airflow`, a Cloud Composer environment. */
  composerEnvironment(purpose: Purposes["composerEnvironment"]): string {
    return this.local("Composer environment", purpose);
  }

  /** `dev-images`, an Artifact Registry repository. */
  repository(purpose: Purposes["repository"]): string {
    return this.local("repository", purpose);
  }

  /** `dev-platform`, a VPC network. The names of its subnet and firewall rules start with it. */
  network(purpose: Purposes["network"]): string {
    return this.local("network", purpose);
  }

  /** `projects/<project>/global/networks/dev-platform` */
  networkPath(purpose: Purposes["network"]): string {
    const existing = this.environment.existing?.network?.network;
    if (existing !== undefined) return existing;
    return `projects/${this.environment.project.id}/global/networks/${this.network(purpose)}`;
  }

  /** `projects/<project>/regions/<region>/subnetworks/dev-platform-subnet` */
  subnetPath(purpose: Purposes["network"]): string {
    const { project, region, existing } = this.environment;
    if (existing?.network !== undefined) return existing.network.subnet;
    return `projects/${project.id}/regions/${region}/subnetworks/${this.network(purpose)}-subnet`;
  }

  /**
   * `dev-postgres-1`, a Cloud SQL instance.
   *
   * @param generation the name of a deleted instance cannot be reused for a week, so the next one needs a new number
   */
  instance(purpose: "postgres", generation: number): string {
    return this.local("instance", purpose, String(generation));
  }

  /** `<project>:<region>:dev-postgres-1`, the connection name for connectors. */
  connection(purpose: "postgres", generation: number): string {
    const { project, region } = this.environment;
    return `${project.id}:${region}:${this.instance(purpose, generation)}`;
  }

  /** `dev-streaming`, a Kafka cluster. */
  kafkaCluster(purpose: Purposes["kafkaCluster"]): string {
    return this.local("Kafka cluster", purpose);
  }

  /** `dev-data-access`, a sink of Cloud Logging. */
  sink(purpose: "data-access"): string {
    return this.local("sink", purpose);
  }

  /** `dev-github`, a Workload Identity pool. */
  identityPool(purpose: Purposes["identityPool"]): string {
    return this.local("identity pool", purpose);
  }

  /** `dev_deploy`, a custom IAM role. */
  role(purpose: Purposes["role"]): string {
    return this.local("role", purpose);
  }

  /** `projects/<project>/roles/dev_list` */
  rolePath(purpose: Purposes["role"]): string {
    return `projects/${this.environment.project.id}/roles/${this.role(purpose)}`;
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
    return nameOf(kind, [this.patterned(parts.join("-"))]);
  }

  private patterned(purpose: string): string {
    const { name, namePattern = "{environment}-{purpose}" } = this.environment;
    return namePattern.replace("{environment}", name).replace("{purpose}", purpose);
  }
}

/** `at-0-6-2-x-x-europe-zurich-1a2b3c`, the id of a time in schedules. The hash tells `1-5` from `1,5`. */
export function scheduleId(cron: string, timeZone: string): string {
  const words = `at ${cron} ${timeZone}`
    .toLowerCase()
    .replaceAll("*", "x")
    .replaceAll(/[^a-z0-9]+/g, "-");
  return `${words}-${hashOf(`${cron} ${timeZone}`)}`;
}

const accountDomain = "gserviceaccount.com";

interface Rule {
  readonly shortest: number;
  readonly longest: number;
  /** Separator between words; replaces - and _ in the parts. @default - a hyphen */
  readonly separator?: "_";
}

export type NameKind = keyof typeof rules;

/** Limits of each service according to its reference, reduced by what the platform appends. */
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
  "Kafka cluster": { shortest: 1, longest: 63 },
  "identity pool": { shortest: 4, longest: 32 },
  role: { shortest: 3, longest: 56, separator: "_" },
  "BigQuery connection": { shortest: 1, longest: 64 },
  "transfer job": { shortest: 1, longest: 100 },
  "AWS role": { shortest: 1, longest: 64 },
  "Composer environment": { shortest: 1, longest: 63 },
  sink: { shortest: 1, longest: 100 },
  queue: { shortest: 1, longest: 75 },
} as const satisfies Record<string, Rule>;

/**
 * Joins parts to the name of a resource.
 *
 * @throws ConfigurationError if the service would not accept the name
 */
export function nameOf(kind: NameKind, parts: readonly string[]): string {
  const rule: Rule = rules[kind];
  const separator = rule.separator ?? "-";
  const whole = parts.join(separator).replaceAll(/[-_]/g, separator);
  const name = shortened(whole, separator, rule.longest);
  if (wellFormed[separator].test(name) && name.length >= rule.shortest) return name;
  throw new ConfigurationError(`the name of a ${kind}`, [
    `"${name}": must be ${rule.shortest} to ${rule.longest} lowercase letters, digits and ${separator}, start with a ` +
      `letter and not end with ${separator}`,
  ]);
}

const wellFormed = {
  "-": /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
  _: /^[a-z]([a-z0-9_]*[a-z0-9])?$/,
};

const hashLength = 6;

/** Truncates a name that is too long and appends a hash of the full name to keep it unique. */
function shortened(name: string, separator: string, longest: number): string {
  if (name.length <= longest) return name;
  const start = name.slice(0, longest - hashLength - 1).replace(/[-_]+$/, "");
  return `${start}${separator}${hashOf(name)}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashLength);
}
