import type { DatasetSpec } from "../dataset";
import type { Environment } from "../config";
import type { Purposes } from "./naming";
import { hasPolicyTags } from "./policies";

/** A role of the project, for what workloads run as. */
export interface WorkloadRole {
  readonly purpose: Exclude<Purposes["role"], "deploy" | "plan">;
  /** Short name, shown in the console. */
  readonly title: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

/**
 * The roles that the foundation creates for workloads, because the predefined ones allow more than a workload does. Other
 * stacks grant them.
 */
export function workloadRoles(
  { transfer }: Pick<Environment, "transfer">,
  catalog: ReadonlyMap<string, DatasetSpec>,
): readonly WorkloadRole[] {
  const tagged = hasPolicyTags(catalog);
  return [
    list,
    tagged ? { ...load, permissions: [...load.permissions, "bigquery.tables.setCategory"] } : load,
    run,
    ...(tagged ? [tag] : []),
    ...(transfer ? [runTransfers] : []),
  ];
}

/**
 * For identities that must tell a missing object from one that they may not read, which requires listing. The predefined
 * role is storage.legacyBucketReader, which is reserved for the owners of the project.
 */
const list: WorkloadRole = {
  purpose: "list",
  title: "List objects",
  description: "Lists the names of objects, but does not read them.",
  permissions: ["storage.objects.list"],
};

/**
 * Without `bigquery.tables.delete`, which `roles/bigquery.dataEditor` contains: temporary tables expire, and a table that
 * is replaced is deleted by a person.
 *
 * @see https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet#required_permissions
 */
const load: WorkloadRole = {
  purpose: "load",
  title: "Load tables",
  description: "Creates tables, replaces their rows and counts them, but does not delete tables.",
  permissions: [
    "bigquery.tables.create",
    "bigquery.tables.get",
    "bigquery.tables.getData",
    "bigquery.tables.update",
    "bigquery.tables.updateData",
  ],
};

/**
 * The predefined roles with these permissions, run.jobsExecutorWithOverrides and run.viewer, also cancel executions, and
 * read the configuration of the job.
 *
 * @see https://cloud.google.com/run/docs/reference/iam/permissions
 */
const run: WorkloadRole = {
  purpose: "run",
  title: "Run jobs",
  description: "Starts jobs with arguments and waits for them, but does not change them.",
  permissions: ["run.executions.get", "run.jobs.run", "run.jobs.runWithOverrides", "run.tasks.list"],
};

/**
 * A load names the policy tags of the columns, for which BigQuery requires this permission, and
 * `bigquery.tables.setCategory` on the table. It does not read the columns.
 *
 * @see https://github.com/googleapis/python-bigquery/issues/981
 */
const tag: WorkloadRole = {
  purpose: "tag",
  title: "Use policy tags",
  description: "Names policy tags in the schema of a table, but does not read the columns.",
  permissions: ["datacatalog.taxonomies.get"],
};

/** The predefined role, storagetransfer.user, also creates and changes transfer jobs. */
const runTransfers: WorkloadRole = {
  purpose: "transfer",
  title: "Run transfer jobs",
  description: "Starts transfer jobs and waits for them, but does not create or change them.",
  permissions: ["storagetransfer.jobs.get", "storagetransfer.jobs.run", "storagetransfer.operations.get"],
};
