import type { GrantLine } from "./grants";

type Holder = Pick<GrantLine, "who" | "what">;

/** Why an identity has a role. A grant without a reason fails `npm run golden`. */
export function reasonOf(line: Holder): string | undefined {
  // Who is a producer and a consumer.
  if (reasonKey(line) === "client Kafka: DESCRIBE, READ, WRITE") return "Reads and appends messages.";
  return reasons[reasonKey(line)];
}

/**
 * `<who> <what>`, where what the configuration names stands for its kind: groups, clients of Kafka, and the branch of
 * deployments.
 */
export function reasonKey({ who, what }: Holder): string {
  if (what === "roles/managedkafka.client" || what.startsWith("Kafka: ")) return `client ${what}`;
  const kind = who
    .replace(/^group .+$/, "group")
    .replace(/^jobs of the branch .+ in the environment .+$/, "jobs that deploy");
  return `${kind} ${what}`;
}

export const reasons: Readonly<Record<string, string>> = {
  "BigQuery connection roles/storage.objectViewer":
    "External tables read the lake through it, so that their readers need no access to the bucket.",
  "any job of the repository roles/iam.workloadIdentityUser": "Pull requests are planned.",
  "ci-deploy deploy": "Creates, changes and deletes what the stacks contain, but reads no data.",
  "ci-deploy deploy_bigquery": "Datasets and tables; grants on datasets are entries of the dataset.",
  "ci-deploy deploy_grants": "Grants the accounts of the platform the roles that exist on projects only.",
  "ci-deploy deploy_storage": "Buckets and grants on them.",
  "ci-deploy list": "Terraform lists the states of a backend.",
  "ci-deploy roles/artifactregistry.writer": "Pushes the image of the job.",
  "ci-deploy roles/iam.serviceAccountUser": "Deploys what runs as this account.",
  "ci-deploy roles/storage.objectUser":
    "Writes specifications, PySpark programs, and the state of the stacks that it deploys. The foundation's is left to the project's owner.",
  "ci-plan list": "Terraform lists the states of a backend.",
  "ci-plan plan": "A plan reads the resources, but not the data in them.",
  "ci-plan roles/storage.objectViewer":
    "A plan reads specifications, PySpark programs and the state of the stacks, and writes no lock.",
  "Cloud Logging roles/storage.objectCreator": "Copies Data Access audit logs to the bucket.",
  "composer roles/composer.worker":
    "Airflow reads its DAGs and writes its logs; the role exists on projects only.",
  "composer run": "Runs the jobs for some periods, and waits for them.",
  "composer roles/storage.objectViewer": "Reads why a transform failed.",
  "composer transfer": "Runs transfer jobs, and waits for them.",
  "data-owner OWNER": "BigQuery requires an owner. Nobody can use this account.",
  "database instance roles/storage.objectCreator":
    "Writes exports. It cannot read, replace or delete those that are there.",
  "export export": "Starts exports of the database. What they contain is written by the instance.",
  "client Kafka: DESCRIBE, READ": "Reads messages; `streaming.consumers` in the configuration.",
  "client Kafka: DESCRIBE, WRITE": "Appends messages: a producer rides, a consumer dead letters.",
  "client Kafka: READ": "Reads with consumer groups whose names start with this.",
  "client roles/managedkafka.client": "Connects to the cluster; the role exists on projects only.",
  "group roles/bigquery.dataViewer": "Reads the warehouse; `readers` in the configuration.",
  "group roles/bigquery.jobUser": "Runs queries; the role exists on projects only.",
  "ingest log in": "Loads the database, as an IAM user without a password.",
  "ingest list": "Tells a missing object from one that it may not read.",
  "ingest load": "Replaces the rows of tables. It cannot delete tables; its temporary ones expire.",
  "ingest roles/bigquery.jobUser": "Runs load jobs; the role exists on projects only.",
  "ingest roles/cloudsql.client": "Connects to the instance; the role exists on projects only.",
  "ingest roles/cloudsql.instanceUser": "Logs in to the instance; the role exists on projects only.",
  "ingest roles/storage.objectUser": "Writes Parquet files, rejected rows and manifests.",
  "ingest roles/storage.objectViewer":
    "Reads specifications and files that were copied to landing/; it cannot write any.",
  "jobs that deploy roles/iam.workloadIdentityUser":
    "Deploys after a review. The branch alone does not say what started a job.",
  "owners of the project roles/storage.legacyBucketOwner":
    "Owners can repair a bucket. Cloud Storage grants this role to editors, too; the binding removes them.",
  "owners of the project roles/storage.legacyBucketReader": "Removes the viewers of the project.",
  "owners of the project roles/storage.legacyObjectOwner": "Removes the editors of the project.",
  "owners of the project roles/storage.legacyObjectReader": "Removes the viewers of the project.",
  "scheduler roles/run.invoker": "Starts the job that builds all models.",
  "spark list": "Finds the files of a data set.",
  "spark roles/dataproc.worker":
    "Managed Service for Apache Spark requires it of the account of a batch. It includes objects in all buckets of the project.",
  "spark roles/storage.objectUser": "Writes marts, and what the service stages for a batch.",
  "spark roles/storage.objectViewer": "Reads the files of data sets.",
  "scheduler roles/workflows.invoker": "Starts pipelines; the role exists on projects only.",
  "transfer agent roles/storage.legacyBucketWriter": "Writes copies to landing/.",
  "transfer agent roles/storage.objectViewer": "Compares copies with their sources.",
  "transfer agent, as the AWS role transfer s3:GetBucketLocation, s3:GetObject, s3:ListBucket, sqs:ChangeMessageVisibility, sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage":
    "Copies files from S3, and learns of their arrival. It assumes the role without a key.",
  "transform roles/bigquery.dataEditor":
    "Creates, replaces and removes models, and tables of seeds and snapshots.",
  "transform roles/bigquery.dataViewer": "Reads the data sets that models are made of.",
  "transform roles/bigquery.jobUser": "Runs queries; the role exists on projects only.",
  "transform roles/storage.objectUser":
    "Keeps artifacts and documentation of its runs, and the lock that lets one run work at a time.",
  "transform list": "Tells a missing object from one that it may not read.",
  "workflow list": "Tells a missing manifest from one that it may not read.",
  "workflow batches": "Starts Spark batches, and waits for them.",
  "workflow load": "Replaces the rows of the mart that Spark computes.",
  "workflow roles/bigquery.jobUser": "Runs load jobs; the role exists on projects only.",
  "workflow roles/iam.serviceAccountUser": "Starts batches that run as this account.",
  "workflow roles/logging.logWriter": "Logs the outcome of each period.",
  "workflow run": "Runs the jobs, and waits for them.",
  "workflow roles/storage.objectViewer":
    "Reads specifications, why a transform failed and the marts that it loads, and looks which periods are complete.",
  "workflow transfer": "Runs transfer jobs, and waits for them.",
  "workflow roles/workflows.invoker": "A backfill starts the pipelines of several data sets.",
};
