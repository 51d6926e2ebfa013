import type { Environment } from "../config";
import type { Purposes } from "./naming";

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
export function workloadRoles({ transfer }: Pick<Environment, "transfer">): readonly WorkloadRole[] {
  return [list, load, ...(transfer ? [runTransfers] : [])];
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

/** The predefined role, storagetransfer.user, also creates and changes transfer jobs. */
const runTransfers: WorkloadRole = {
  purpose: "transfer",
  title: "Run transfer jobs",
  description: "Starts transfer jobs and waits for them, but does not create or change them.",
  permissions: ["storagetransfer.jobs.get", "storagetransfer.jobs.run", "storagetransfer.operations.get"],
};
