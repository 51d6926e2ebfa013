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
  readonly ingestion: IngestionSettings;
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
  /** Days after which what a source delivered to landing/ is deleted. */
  readonly landingDays: number;
  /** Days after which rejected rows are deleted. */
  readonly rejectsDays: number;
}
