import type { ExistingResources } from "./existing";

export type * from "./existing";

/**
 * An environment: all settings in which dev and prod differ. It contains values only; the stacks derive the resources
 * from them.
 */
export interface Environment {
  /** Short name, part of every resource's name: `dev`, `prod`. At most 8 characters. */
  readonly name: string;
  /** Id and number of the Google Cloud project: `gcloud projects describe <id>`. */
  readonly project: { readonly id: string; readonly number: string };
  /** Region of lake, warehouse, jobs and database. BigQuery loads only from a bucket in the same location. */
  readonly region: string;
  /** Labels of all resources that support labels, in addition to `environment` and `managed_by`. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Whether data is protected against accidental deletion: deletion protection is on, resources that contain data
   * cannot be destroyed, and backups are kept. If false, `npm run destroy` removes everything.
   */
  readonly protectData: boolean;
  /**
   * Full name of the Cloud KMS key that encrypts everything that can have one: buckets, including the state,
   * warehouse, database, images, jobs and workflows. The key must be in the environment's region, and the service
   * agents of Cloud Storage, BigQuery, Cloud SQL, Artifact Registry, Cloud Run and Workflows must be allowed to use
   * it. Set it before the first deployment: changing the key replaces the database, and the image repository
   * including its images.
   * @default - Google-managed keys
   */
  readonly kmsKey?: string;
  /** Network that is created for the jobs and the database. @default - `existing.network` */
  readonly network?: NetworkSettings;
  /**
   * Pattern of the names of all resources, with `{environment}` before `{purpose}`: `acme-{environment}-{purpose}`. Names
   * of buckets start with the project ID in addition. Set it before the first deployment.
   * @default - {environment}-{purpose}
   */
  readonly namePattern?: string;
  /** Resources that are used instead of new ones. @default - all are created */
  readonly existing?: ExistingResources;
  readonly ingestion: IngestionSettings;
  /**
   * What runs the pipelines: Google Workflows, or Airflow in Cloud Composer, which costs about 350 US dollars a month
   * (`docs/orchestration.md`).
   * @default workflows
   */
  readonly orchestrator?: "composer" | "workflows";
  /** Settings of Airflow, if it is the orchestrator. @default - the default of each */
  readonly composer?: ComposerSettings;
  /** @default - nothing writes to staging and core */
  readonly transformation?: TransformationSettings;
  /** Not with the orchestrator `composer`. @default - nothing runs on Spark */
  readonly spark?: SparkSettings;
  /** @default - no Kafka cluster */
  readonly streaming?: StreamingSettings;
  /** @default - no database: data sets are loaded into the warehouse only */
  readonly database?: DatabaseSettings;
  /** @default - nothing is copied from S3 */
  readonly transfer?: TransferSettings;
  /** @default - nobody: only the service accounts of the platform read the warehouse */
  readonly readers?: ReaderSettings;
  /** @default - who reads and writes objects is logged, and kept for 90 days */
  readonly audit?: AuditSettings;
  /**
   * Policy tags by the names that columns of the catalog use, so that each environment has its own:
   * `projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>`. They exist already, in the region of the
   * environment; whoever manages them decides who reads the columns, and whether others read masked values.
   * @default - none
   */
  readonly policyTags?: Readonly<Record<string, string>>;
  /** @default - no deployments from GitHub */
  readonly ci?: CiSettings;
  /** Recipient of alerts on failed and missing ingestions and on a database disk that is almost full. */
  readonly alerts: { readonly email: string };
  /**
   * What the clean-up does with images that have had no tag for thirty days: `log` only logs them. Set it to read that
   * log once (`docs/deploy.md`), then remove it.
   * @default - delete
   */
  readonly imageCleanup?: "delete" | "log";
  /** @default - none */
  readonly budget?: BudgetSettings;
}

/** Private address ranges. They must not overlap with connected networks. */
export interface NetworkSettings {
  /**
   * Subnet of the jobs, /16 to /26: `10.10.0.0/24`. Synthesis checks that it has two addresses for each task that a
   * backfill runs at the same time.
   */
  readonly subnetRange: string;
  /** Range allocated for private services access to the database, /16 to /24: `10.20.0.0/20`. */
  readonly servicesRange: string;
}

/** Resources of a task, which ingests one period. */
export interface TaskSize {
  /** Virtual CPUs: 1, 2, 4 or 8. */
  readonly cpu: number;
  /** Memory in GiB. Files that the task writes count toward it. */
  readonly memoryGib: number;
  /** Timeout in seconds. */
  readonly timeoutSeconds: number;
}

/** Settings of the ingest jobs. Their tasks have this size, unless a data set has another one. */
export interface IngestionSettings extends TaskSize {
  /**
   * Container image by digest, of any registry that Cloud Run can pull from:
   * `<region>-docker.pkg.dev/<project>/<repository>/<image>@sha256:<64 hex digits>`.
   */
  readonly image: string;
  /** Other sizes by name, for the field `size` of a data set. @default - none */
  readonly sizes?: Readonly<Record<string, TaskSize>>;
  /** HTTP proxy through which the jobs reach their sources. @default - none: jobs reach the internet directly */
  readonly proxy?: ProxySettings;
  /** Number of periods of one data set that a backfill ingests in parallel. */
  readonly parallelPeriods: number;
  /** Days after which files in landing/ are deleted. */
  readonly landingDays: number;
  /** Days after which rejected rows are deleted. */
  readonly rejectsDays: number;
}

/** An HTTP proxy. Google's APIs are reached without it. */
export interface ProxySettings {
  /** `http://10.10.0.5:3128`, without credentials. */
  readonly url: string;
  /** Other hosts that are reached without it, also as suffixes: `.example.com`. @default - none */
  readonly exceptions?: readonly string[];
}

/** Settings of the Composer environment. */
export interface ComposerSettings {
  /** Version of Airflow. @default 3.1.7 */
  readonly airflowVersion?: string;
  /** Most workers at the same time. Each follows several pipelines. @default 3 */
  readonly maxWorkers?: number;
  /** Whether runs that were missed, from the first period on, are made up for. @default false */
  readonly catchUp?: boolean;
}

/** Settings of the transform job, which builds the models of the dbt project. The pipeline starts it after it ingests. */
export interface TransformationSettings extends TaskSize {
  /** Container image by digest, `<region>-docker.pkg.dev/<project>/<repository>/<image>@sha256:<64 hex digits>`. */
  readonly image: string;
  /**
   * When all models are built from nothing, in addition to what the pipeline builds.
   * @default - never
   */
  readonly rebuild?: RebuildSchedule;
  /** Days after which the artifacts of a run are deleted. Those of the latest run are kept. */
  readonly artifactDays: number;
}

/** A time of its own for the transform job. */
export interface RebuildSchedule {
  /** Five-field cron expression. */
  readonly cron: string;
  /** IANA name, `America/New_York`. */
  readonly timeZone: string;
}

/**
 * Settings of Spark batches: Managed Service for Apache Spark, formerly Dataproc Serverless. The pipeline starts one after
 * it ingests trips or zones, which costs per batch (`docs/deploy.md`). They use the environment's network, whose subnet
 * then lets its machines reach each other; with `existing.network`, such a rule must exist. With `kmsKey`, the service
 * agents of Dataproc and Compute Engine must be allowed to use the key.
 */
export interface SparkSettings {
  /** Executors that a batch has at most, of four CPUs each: 2 to 2000. The service starts with two. */
  readonly maxExecutors: number;
  /** Seconds after which a batch is stopped, 600 to 86,400. */
  readonly timeoutSeconds: number;
  /** Days after which the output of a batch's driver, its log for people, is deleted. */
  readonly outputDays: number;
}

/**
 * A Kafka cluster with the topics of rides (`docs/streaming.md`). It is billed by the hour, whether or not it is used. It is
 * reached from the environment's network; with `kmsKey`, the service agent of Managed Kafka must be allowed to use the key.
 */
export interface StreamingSettings {
  /** Virtual CPUs of all brokers together: 3 or more. */
  readonly vcpus: number;
  /** Memory of all brokers together in GiB: 1 to 8 for each virtual CPU. */
  readonly memoryGib: number;
  /** Days for which the topic keeps rides. The sink must run more often. */
  readonly retentionDays: number;
  /** Email addresses of the service accounts that send rides. They exist already. */
  readonly producers: readonly string[];
  /** Email addresses of the service accounts that read rides, and write dead letters. They exist already. */
  readonly consumers: readonly string[];
}

/** The Postgres instance. */
export interface DatabaseSettings {
  /** Part of the instance's name. The name of a deleted instance cannot be reused for a week: increase this number. */
  readonly generation: number;
  /** Machine type: `db-f1-micro`, `db-custom-2-7680` (2 CPUs, 7.5 GiB). */
  readonly tier: string;
  /** Initial disk size in GiB. The disk grows automatically. */
  readonly diskGib: number;
  /** Maximum disk size in GiB. */
  readonly diskLimitGib: number;
  /** Whether a standby in a second zone takes over when a zone fails. Doubles the price. */
  readonly highAvailability: boolean;
  /** Number of daily backups to keep. */
  readonly backups: number;
  /**
   * Days for which weekly exports of the database are kept in a bucket, which outlives the instance and its backups.
   * @default - no exports
   */
  readonly exportDays?: number;
}

/** What Storage Transfer Service copies from S3 into landing/. */
export interface TransferSettings {
  /**
   * Subject ID of the transfer service agent, which the AWS role trusts:
   * `curl -H "Authorization: Bearer $(gcloud auth print-access-token)" https://storagetransfer.googleapis.com/v1/googleServiceAccounts/<project>`
   */
  readonly agentSubjectId: string;
  readonly aws: { readonly accountId: string; readonly region: string };
  /** Sources by data set. */
  readonly sources: Readonly<Record<string, TransferSource>>;
}

/** Location of a data set's files in S3. */
export interface TransferSource {
  readonly bucket: string;
  /** Prefix of the files: `exports/trips/`. */
  readonly prefix: string;
  /** File name of a period below the prefix; `{period}`, `{year}`, `{month}` and `{day}` as in the catalog. */
  readonly file: string;
  /** What starts a copy: the data set's workflow before it ingests, or the arrival of a file. */
  readonly start: "workflow" | "arrival";
}

/** Logs of who accesses data. Data Access audit logs of Cloud Storage are always on, like those of BigQuery. */
export interface AuditSettings {
  /** Days after which Data Access audit logs are deleted from the bucket `access-logs`. @default 90 */
  readonly retentionDays?: number;
  /**
   * Whether Cloud Storage also delivers usage logs to that bucket. It does so as the group
   * cloud-storage-analytics@google.com, to which an organization with domain-restricted sharing accepts no grant.
   * @default false
   */
  readonly usageLogs?: boolean;
}

/**
 * Who reads the warehouse, as email addresses of Google groups that exist. They also get `roles/bigquery.jobUser`, to run
 * queries in the project.
 */
export interface ReaderSettings {
  /** Groups that read `core`: facts and dimensions for analysis. @default - none */
  readonly core?: readonly string[];
  /** Groups that read `raw`: all data sets as published by their sources. @default - none */
  readonly raw?: readonly string[];
}

/** The GitHub repository that may plan and deploy. Numeric IDs, because names can be reused by others. */
export interface CiSettings {
  /** `gh api repos/<owner>/<name> --jq .id` */
  readonly repositoryId: string;
  /** `gh api repos/<owner>/<name> --jq .owner.id` */
  readonly ownerId: string;
  /** The branch that may deploy. All branches may plan. */
  readonly branch: string;
  /**
   * The GitHub environment whose jobs may deploy, `production`. Require reviewers for it, and limit it to the branch.
   */
  readonly environment: string;
}

/** Monthly budget; exceeding it sends an alert. */
export interface BudgetSettings {
  /** ID of the billing account of the project: `0X0X0X-0X0X0X-0X0X0X`. */
  readonly billingAccount: string;
  /** In whole units of `currency`. */
  readonly amount: number;
  /** Currency of the billing account: `USD`. */
  readonly currency: string;
}
