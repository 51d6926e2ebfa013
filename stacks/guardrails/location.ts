import type { Finding, Platform, Resource, Values } from "./platform";
import { textAt, textsAt } from "./values";

/** Where each type says where it is. */
const attributes: Readonly<Record<string, string>> = {
  google_artifact_registry_repository: "location",
  google_bigquery_dataset: "location",
  google_cloud_run_v2_job: "location",
  google_cloud_scheduler_job: "region",
  google_compute_subnetwork: "region",
  google_sql_database_instance: "region",
  google_storage_bucket: "location",
  google_workflows_workflow: "region",
};

/** Everything is in the environment's region: BigQuery refuses to load from a bucket anywhere else. */
export function oneLocation({ environment, resources }: Platform): Finding[] {
  const elsewhere = resources.flatMap(({ type, path, values }) => {
    const attribute = attributes[type];
    const location = attribute === undefined ? undefined : textAt(values, attribute);
    return location === undefined || location.toLowerCase() === environment.region
      ? []
      : [
          {
            path,
            found: `is in ${location}, the environment in ${environment.region}`,
            fix: "give it the environment's region: BigQuery refuses to load from a bucket anywhere else",
          },
        ];
  });
  return [...elsewhere, ...foreignBuckets(resources)];
}

/** Transfers and external tables use buckets of the platform, whose location is known. */
function foreignBuckets(resources: readonly Resource[]): Finding[] {
  const own = resources.flatMap(({ type, values }) =>
    type === "google_storage_bucket" ? (textAt(values, "name") ?? []) : [],
  );
  return resources.flatMap(({ path, values }) =>
    usedBuckets(values)
      .filter((bucket) => !own.includes(bucket))
      .map((bucket) => ({
        path,
        found: `uses the bucket ${bucket}, which no stack makes`,
        fix: "use one that a stack makes, whose location is that of datasets and jobs",
      })),
  );
}

function usedBuckets(values: Values): string[] {
  return [
    ...textsAt(values, "transfer_spec.gcs_data_sink.bucket_name"),
    ...textsAt(values, "external_data_configuration.source_uris").map((uri) => uri.split("/")[2] ?? uri),
  ];
}
