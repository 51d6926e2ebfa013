/**
 * What an environment is: everything in which dev and prod differ. Values only; what follows from them is decided
 * by the stacks.
 */
export interface Environment {
  /** Short name, part of every resource's name: `dev`, `prod`. At most 8 characters. */
  readonly name: string;
  /** Id and number of the Google Cloud project: `gcloud projects describe <id>`. */
  readonly project: { readonly id: string; readonly number: string };
  /** One region for lake, warehouse, jobs and database: BigQuery loads only from a bucket beside it. */
  readonly region: string;
  /** Put on everything that takes labels, besides `environment` and `managed_by`. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Whether data outlives a mistake: deletion protection on, nothing with contents is destroyed, backups kept.
   * Where it is false, `cdktf destroy` leaves nothing behind.
   */
  readonly protectData: boolean;
  /**
   * Full name of the Cloud KMS key that encrypts lake, warehouse and images. It is in the environment's region, and
   * its owner lets the project's agents of Cloud Storage, BigQuery and Artifact Registry use it. To be set before the
   * first deployment: the repository of images is replaced when its key changes, with all that is in it.
   * @default - Google's keys
   */
  readonly kmsKey?: string;
  readonly network: NetworkSettings;
  readonly ingestion: IngestionSettings;
  /** @default - no database: data sets end in the warehouse */
  readonly database?: DatabaseSettings;
  /** @default - nothing is copied from S3 */
  readonly transfer?: TransferSettings;
  /** @default - no deployments from GitHub */
  readonly ci?: CiSettings;
  /** Who hears of failed and missing ingestions, and of a database that fills up. */
  readonly alerts: { readonly email: string };
  /** @default - none */
  readonly budget?: BudgetSettings;
}

/** Private addresses, free of those of networks one connects to. */
export interface NetworkSettings {
  /** Addresses of the jobs: `10.10.0.0/24`. */
  readonly subnetRange: string;
  /** Addresses lent to Google for the database, a /16 to /24: `10.20.0.0/20`. */
  readonly servicesRange: string;
}

/** The ingest job of every data set. */
export interface IngestionSettings {
  /** Container image by digest, `<region>-docker.pkg.dev/<project>/<repository>/<image>@sha256:<64 hex digits>`. */
  readonly image: string;
  /** Virtual CPUs of a task: 1, 2, 4 or 8. */
  readonly cpu: number;
  /** Memory of a task in GiB, which includes the files it writes. */
  readonly memoryGib: number;
  /** Longest a task may take, in seconds. */
  readonly timeoutSeconds: number;
  /** Periods of one data set that are ingested at the same moment, in a backfill. */
  readonly parallelPeriods: number;
  /** Days after which what a source delivered to landing/ is deleted. */
  readonly landingDays: number;
  /** Days after which rejected rows are deleted. */
  readonly rejectsDays: number;
}

/** The Postgres instance. */
export interface DatabaseSettings {
  /** Part of the instance's name. A deleted instance blocks its name for a week: raise this to make a new one. */
  readonly generation: number;
  /** Machine: `db-f1-micro`, `db-custom-2-7680` (2 CPUs, 7.5 GiB). */
  readonly tier: string;
  /** Size of the disk to start with, in GiB; it grows by itself. */
  readonly diskGib: number;
  /** Where growing stops, in GiB. */
  readonly diskLimitGib: number;
  /** Whether a second zone takes over when one fails; doubles the price. */
  readonly highAvailability: boolean;
  /** Daily backups that are kept. */
  readonly backups: number;
}

/** What Storage Transfer Service copies from S3 into landing/. */
export interface TransferSettings {
  /**
   * Number of the transfer agent, which the AWS role trusts:
   * `curl -H "Authorization: Bearer $(gcloud auth print-access-token)" https://storagetransfer.googleapis.com/v1/googleServiceAccounts/<project>`
   */
  readonly agentSubjectId: string;
  readonly aws: { readonly accountId: string; readonly region: string };
  /** By data set. */
  readonly sources: Readonly<Record<string, TransferSource>>;
}

/** Where on S3 a data set's files are. */
export interface TransferSource {
  readonly bucket: string;
  /** Folders that hold the files: `exports/trips/`. */
  readonly prefix: string;
  /** Name of a period's file in there; `{period}`, `{year}`, `{month}` and `{day}` as in the catalog. */
  readonly file: string;
  /** What starts a copy: the data set's workflow before it ingests, or each file as it arrives. */
  readonly start: "workflow" | "arrival";
}

/** The GitHub repository that may plan and deploy. Numbers, because names can be taken over. */
export interface CiSettings {
  /** `gh api repos/<owner>/<name> --jq .id` */
  readonly repositoryId: string;
  /** `gh api repos/<owner>/<name> --jq .owner.id` */
  readonly ownerId: string;
  /** The branch that may deploy. Any may plan. */
  readonly branch: string;
}

/** What a month may cost before someone is told. */
export interface BudgetSettings {
  /** `0X0X0X-0X0X0X-0X0X0X`, of the account the project is billed to. */
  readonly billingAccount: string;
  /** In whole units of `currency`. */
  readonly amount: number;
  /** The billing account's own, `USD`. */
  readonly currency: string;
}
