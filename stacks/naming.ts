import { createHash } from "node:crypto";
import type { Environment } from "../config";

/**
 * The names of everything the platform makes: (environment, purpose) -> name, with no look-up and no reference.
 * Any stack can name a thing of any other, so that each stack plans alone on an empty project.
 */
export class Names {
  constructor(private readonly environment: Pick<Environment, "name" | "project" | "region">) {}

  /** `<project>-dev-lake`: bucket names are shared by the whole world, so the project's id leads. */
  bucket(purpose: string): string {
    return named("bucket", [this.environment.project.id, this.environment.name, purpose]);
  }

  /** `dev_raw`, a BigQuery dataset. */
  dataset(purpose: string): string {
    return this.local("dataset", purpose);
  }

  /** `dev-ingest`, the part of a service account before the @. */
  serviceAccount(purpose: string): string {
    return this.local("service account", purpose);
  }

  /** `dev-ingest@<project>.iam.gserviceaccount.com` */
  serviceAccountEmail(purpose: string): string {
    return `${this.serviceAccount(purpose)}@${this.environment.project.id}.iam.gserviceaccount.com`;
  }

  /** `dev-ingest-yellow-tripdata`, a Cloud Run job. */
  job(purpose: string): string {
    return this.local("job", purpose);
  }

  /** `dev-yellow-tripdata`, a Cloud Scheduler job. */
  schedule(purpose: string): string {
    return this.local("schedule", purpose);
  }

  /** `dev-ingest-yellow-tripdata`, a Google Workflows workflow. */
  workflow(purpose: string): string {
    return this.local("workflow", purpose);
  }

  /** `dev-images`, an Artifact Registry repository. */
  repository(purpose: string): string {
    return this.local("repository", purpose);
  }

  /** `dev-platform`, a VPC network; its subnet and rules are named after it. */
  network(purpose: string): string {
    return this.local("network", purpose);
  }

  /** `projects/<project>/global/networks/dev-platform` */
  networkPath(purpose: string): string {
    return `projects/${this.environment.project.id}/global/networks/${this.network(purpose)}`;
  }

  /** `projects/<project>/regions/<region>/subnetworks/dev-platform-subnet` */
  subnetPath(purpose: string): string {
    const { project, region } = this.environment;
    return `projects/${project.id}/regions/${region}/subnetworks/${this.network(purpose)}-subnet`;
  }

  /** `dev-postgres-1`, a Cloud SQL instance. */
  instance(purpose: string): string {
    return this.local("instance", purpose);
  }

  /** `<project>:<region>:dev-postgres-1`, what connectors ask for. */
  connection(purpose: string): string {
    const { project, region } = this.environment;
    return `${project.id}:${region}:${this.instance(purpose)}`;
  }

  /** `dev-github`, a Workload Identity pool. */
  identityPool(purpose: string): string {
    return this.local("identity pool", purpose);
  }

  /** `dev_deploy`, a custom IAM role. */
  role(purpose: string): string {
    return this.local("role", purpose);
  }

  /** `dev-yellow-tripdata`, a Storage Transfer job. */
  transferJob(purpose: string): string {
    return this.local("transfer job", purpose);
  }

  /** `dev-transfer`, an AWS role. */
  awsRole(purpose: string): string {
    return this.local("AWS role", purpose);
  }

  /** `dev-green-tripdata`, an SQS queue. */
  queue(purpose: string): string {
    return this.local("queue", purpose);
  }

  private local(kind: Kind, purpose: string): string {
    return named(kind, [this.environment.name, purpose]);
  }
}

/** A name is none that the service would take. */
export class NameError extends Error {
  override readonly name = "NameError";
}

interface Rule {
  readonly shortest: number;
  readonly longest: number;
  /** Between words; the other of - and _ is replaced by it. @default - the dash */
  readonly separator?: "_";
}

type Kind = keyof typeof rules;

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

function named(kind: Kind, parts: readonly string[]): string {
  const rule: Rule = rules[kind];
  const separator = rule.separator ?? "-";
  const whole = parts.join(separator).replaceAll(/[-_]/g, separator);
  const name = shortened(whole, separator, rule.longest);
  if (wellFormed[separator].test(name) && name.length >= rule.shortest) return name;
  throw new NameError(
    `"${name}" is no name for a ${kind}: it must be ${rule.shortest} to ${rule.longest} lower-case letters, digits ` +
      `and ${separator}, starting with a letter and not ending with ${separator}`,
  );
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
