import type { Obstacle } from "../../report/assessment";
import { cloudIdentity, cloudName, maySharePlace } from "../identity";
import { isDeleted, referenceOf, type Row } from "../rows";

/** New resources whose name another resource of the plans has and keeps. */
export function duplicateNames(changed: readonly Row[], rows: readonly Row[]): Obstacle[] {
  const created = changed.filter(({ action, resource }) => action === "create" && unique.has(resource.type));
  const types = new Set(created.map(({ resource }) => resource.type));
  const owners = new Map<string, Row[]>();
  for (const row of rows) {
    if (!types.has(row.resource.type) || isDeleted(row) || row.resource.mode === "data") continue;
    if (row.deposed !== undefined || row.action === "forget") continue;
    const identity = cloudIdentity(row.resource.type, row.action === "create" ? row.after : row.before);
    const others = identity === undefined ? undefined : owners.get(identity);
    if (others !== undefined) others.push(row);
    else if (identity !== undefined) owners.set(identity, [row]);
  }
  return created.flatMap((row): Obstacle[] => {
    const name = cloudName(row.resource.type, row.after);
    const others = owners.get(cloudIdentity(row.resource.type, row.after) ?? "") ?? [];
    const other = others.find(
      (one) =>
        one !== row &&
        maySharePlace(row.resource.type, one.action === "create" ? one.after : one.before, row.after),
    );
    if (other === undefined || name === undefined) return [];
    const owner = other.stack === row.stack ? other.address : `${other.stack}: ${other.address}`;
    return [
      {
        ...referenceOf(row),
        certainty: "certain",
        reason: `${owner} already has the name ${name} (409)`,
        remedy: "change the name, or remove the resource from one of the two addresses",
      },
    ];
  });
}

/** Types with unique names. Names of other types, such as display names, can occur several times. */
const unique = new Set([
  ...["google_storage_bucket", "google_bigquery_dataset", "google_bigquery_table", "google_sql_database"],
  ...["google_sql_database_instance", "google_pubsub_topic", "google_pubsub_subscription"],
  ...["google_service_account", "google_secret_manager_secret", "google_artifact_registry_repository"],
  ...["google_cloud_run_v2_job", "google_cloud_run_v2_service", "google_workflows_workflow"],
  ...["google_cloud_scheduler_job", "google_compute_network", "google_kms_key_ring", "google_kms_crypto_key"],
  ...["google_storage_transfer_job", "aws_s3_bucket", "aws_sqs_queue", "aws_iam_role"],
]);
