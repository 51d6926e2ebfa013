import type { Finding, Platform } from "./platform";
import { textAt } from "./values";

interface NameRule {
  readonly attribute: string;
  readonly form: RegExp;
  readonly words: string;
  /** Other attributes within which the name must be unique. @default - unique in the project */
  readonly within?: readonly string[];
}

const dashed = "lower-case letters, digits and dashes, a letter first";
const label = { attribute: "name", form: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, words: `1 to 63 ${dashed}` };
const rules: Readonly<Record<string, NameRule>> = {
  aws_iam_role: {
    attribute: "name",
    form: /^[\w+=,.@-]{1,64}$/,
    words: "at most 64 letters, digits and +=,.@_-",
  },
  aws_sqs_queue: {
    attribute: "name",
    form: /^[\w-]{1,80}$/,
    words: "at most 80 letters, digits, dashes and underscores",
  },
  google_artifact_registry_repository: {
    attribute: "repository_id",
    form: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    words: `1 to 63 ${dashed}`,
  },
  google_bigquery_dataset: {
    attribute: "dataset_id",
    form: /^[A-Za-z0-9_]{1,1024}$/,
    words: "at most 1024 letters, digits and underscores",
  },
  google_bigquery_table: {
    attribute: "table_id",
    form: /^[A-Za-z0-9_]{1,1024}$/,
    words: "at most 1024 letters, digits and underscores",
    within: ["dataset_id"],
  },
  google_cloud_run_v2_job: {
    attribute: "name",
    form: /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/,
    words: `1 to 49 ${dashed}`,
  },
  google_cloud_scheduler_job: {
    attribute: "name",
    form: /^[A-Za-z0-9_-]{1,500}$/,
    words: "at most 500 letters, digits, dashes and underscores",
  },
  google_compute_firewall: label,
  google_compute_global_address: label,
  google_compute_network: label,
  google_compute_subnetwork: label,
  google_iam_workload_identity_pool: {
    attribute: "workload_identity_pool_id",
    form: /^(?!gcp-)[a-z0-9-]{4,32}$/,
    words: "4 to 32 lower-case letters, digits and dashes, not beginning with gcp-",
  },
  google_project_iam_custom_role: {
    attribute: "role_id",
    form: /^[A-Za-z0-9_.]{3,64}$/,
    words: "3 to 64 letters, digits, dots and underscores",
  },
  google_service_account: {
    attribute: "account_id",
    form: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    words: `6 to 30 ${dashed}`,
  },
  google_sql_database_instance: {
    attribute: "name",
    form: /^[a-z]([a-z0-9-]{0,82}[a-z0-9])?$/,
    words: `1 to 84 ${dashed}`,
  },
  google_storage_bucket: {
    attribute: "name",
    form: /^(?!goog)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    words: "3 to 63 lower-case letters, digits, dashes, dots and underscores, not beginning with goog",
  },
  google_storage_transfer_job: {
    attribute: "name",
    form: /^transferJobs\/(?!OPI)[\w-]{1,128}$/,
    words: "transferJobs/ and at most 128 letters, digits, dashes and underscores",
  },
  google_workflows_workflow: {
    attribute: "name",
    form: /^[A-Za-z][\w-]{0,63}$/,
    words: "at most 64 letters, digits, dashes and underscores, a letter first",
  },
};

/** Names are such as the service takes, and no two things of a kind share one, whatever stacks they are in. */
export function goodNames({ resources }: Platform): Finding[] {
  const owners = new Map<string, string>();
  return resources.flatMap(({ type, path, values }) => {
    const rule = rules[type];
    const name = rule && textAt(values, rule.attribute);
    if (rule === undefined || name === undefined) return [];
    const key = [type, ...(rule.within ?? []).map((other) => textAt(values, other)), name].join(" ");
    const owner = owners.get(key);
    owners.set(key, owner ?? path);
    return [
      ...(rule.form.test(name)
        ? []
        : [{ path, found: `is named "${name}"`, fix: `a ${type} is named by ${rule.words}` }]),
      ...(owner === undefined
        ? []
        : [
            {
              path,
              found: `is named "${name}", as is ${owner}`,
              fix: "give each its own purpose in the naming module",
            },
          ]),
    ];
  });
}
