import type { Finding, Rule } from "../rule";
import { textAt } from "../values";

/** Names are valid for their service, and no two resources of a type have the same name, in whichever stacks. */
export function validNames(): Rule {
  return ({ resources }): Finding[] => {
    const owners = new Map<string, string>();
    return resources.flatMap(({ type, path, values }) => {
      const rule = rules[type];
      const name = rule && textAt(values, rule.attribute);
      // A name that Terraform computes is not checked.
      if (rule === undefined || name === undefined || name.includes("${")) return [];
      const key = [type, ...(rule.within ?? []).map((other) => textAt(values, other)), name].join(" ");
      const owner = owners.get(key);
      owners.set(key, owner ?? path);
      const invalid = {
        path,
        found: `has the name "${name}", which is not valid`,
        fix: `the name of a ${type} has ${rule.words}`,
      };
      const taken = {
        path,
        found: `has the name "${name}", which ${owner ?? ""} also has`,
        fix: "give each a unique name",
      };
      return [...(rule.form.test(name) ? [] : [invalid]), ...(owner === undefined ? [] : [taken])];
    });
  };
}

interface NameRule {
  readonly attribute: string;
  readonly form: RegExp;
  /** The form in words, after "has". */
  readonly words: string;
  /** Other arguments within which the name must be unique. @default - unique in the project */
  readonly within?: readonly string[];
}

const label = {
  form: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  words: "1 to 63 lowercase letters, digits, and hyphens, and starts with a letter",
};
const bigquery = {
  form: /^[A-Za-z0-9_]{1,1024}$/,
  words: "at most 1024 letters, digits, and underscores",
};

const rules: Readonly<Record<string, NameRule>> = {
  aws_iam_role: {
    attribute: "name",
    form: /^[\w+=,.@-]{1,64}$/,
    words: "at most 64 letters, digits, and +=,.@_-",
  },
  aws_sqs_queue: {
    attribute: "name",
    form: /^[\w-]{1,80}$/,
    words: "at most 80 letters, digits, hyphens, and underscores",
  },
  google_artifact_registry_repository: { attribute: "repository_id", ...label },
  google_bigquery_dataset: { attribute: "dataset_id", ...bigquery },
  google_bigquery_table: { attribute: "table_id", ...bigquery, within: ["dataset_id"] },
  google_cloud_run_v2_job: {
    attribute: "name",
    form: /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/,
    words: "1 to 49 lowercase letters, digits, and hyphens, and starts with a letter",
  },
  google_cloud_scheduler_job: {
    attribute: "name",
    form: /^[A-Za-z0-9_-]{1,500}$/,
    words: "at most 500 letters, digits, hyphens, and underscores",
  },
  google_compute_firewall: { attribute: "name", ...label },
  google_compute_global_address: { attribute: "name", ...label },
  google_compute_network: { attribute: "name", ...label },
  google_compute_subnetwork: { attribute: "name", ...label },
  google_iam_workload_identity_pool: {
    attribute: "workload_identity_pool_id",
    form: /^(?!gcp-)[a-z0-9-]{4,32}$/,
    words: "4 to 32 lowercase letters, digits, and hyphens, and does not start with gcp-",
  },
  google_managed_kafka_cluster: { attribute: "cluster_id", ...label },
  google_managed_kafka_topic: {
    attribute: "topic_id",
    form: /^(?!\.{1,2}$)[\w.-]{1,249}$/,
    words: "at most 249 letters, digits, periods, hyphens, and underscores",
    within: ["cluster"],
  },
  google_project_iam_custom_role: {
    attribute: "role_id",
    form: /^[A-Za-z0-9_.]{3,64}$/,
    words: "3 to 64 letters, digits, periods, and underscores",
  },
  google_service_account: {
    attribute: "account_id",
    form: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    words: "6 to 30 lowercase letters, digits, and hyphens, and starts with a letter",
  },
  google_sql_database_instance: {
    attribute: "name",
    form: /^[a-z]([a-z0-9-]{0,82}[a-z0-9])?$/,
    words: "1 to 84 lowercase letters, digits, and hyphens, and starts with a letter",
  },
  google_storage_bucket: {
    attribute: "name",
    form: /^(?!goog)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    words:
      "3 to 63 lowercase letters, digits, hyphens, periods, and underscores, and does not start with goog",
  },
  google_storage_transfer_job: {
    attribute: "name",
    form: /^transferJobs\/(?!OPI)[\w-]{1,128}$/,
    words: "transferJobs/ and at most 128 letters, digits, hyphens, and underscores",
  },
  google_workflows_workflow: {
    attribute: "name",
    form: /^[A-Za-z][\w-]{0,63}$/,
    words: "at most 64 letters, digits, hyphens, and underscores, and starts with a letter",
  },
};
