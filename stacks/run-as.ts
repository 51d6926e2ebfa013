import type { Environment } from "../config";

/** The service accounts that workloads run as, with what each does. The foundation creates them. */
export const runAsAccounts = {
  composer: "Runs Airflow in Cloud Composer",
  export: "Exports the database on a schedule",
  ingest: "Runs the ingest jobs",
  scheduler: "Starts pipelines on a schedule",
  transform: "Runs transformations: reads raw, writes staging and core",
  workflow: "Runs pipelines",
} as const;

export type RunAsAccount = keyof typeof runAsAccounts;

/** The accounts that an environment needs. Those of `existing.serviceAccounts` are not created. */
export function runAsPurposes({
  database,
  orchestrator,
}: Pick<Environment, "database" | "orchestrator">): readonly RunAsAccount[] {
  return [
    ...(["ingest", "scheduler", "transform", "workflow"] as const),
    ...(database?.exportDays === undefined ? [] : (["export"] as const)),
    ...(orchestrator === "composer" ? (["composer"] as const) : []),
  ];
}

/**
 * Where 0.1.0 created an account and let GitHub deploy as it. The stack that uses the account created it then, and now
 * forgets it: otherwise its next deployment would delete it.
 */
export const formerAddresses: Readonly<Record<RunAsAccount, readonly string[]>> = {
  composer: [],
  export: [],
  ingest: [
    "google_service_account.ingest_9B482C6E",
    "google_service_account_iam_member.ingest_iam-service-account-user-ci-deploy_8EF9667E",
  ],
  scheduler: [
    "google_service_account.scheduler_EDBED1F9",
    "google_service_account_iam_member.scheduler_iam-service-account-user-ci-deploy_113E2213",
  ],
  transform: [],
  workflow: [
    "google_service_account.workflow_BAD9AE70",
    "google_service_account_iam_member.workflow_iam-service-account-user-ci-deploy_4C4CCA94",
  ],
};
