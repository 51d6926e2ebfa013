import { type JsonObject, textOf } from "../json";
import { isGrant, lastSegment } from "./identity";
import { lookup } from "../lookup";

/** A resource that contains another one, or that a grant belongs to. Children are deleted with their parent. */
export interface Parent {
  readonly type: string;
  /** Name of the parent, without the prefix of a path. */
  readonly name: string;
}

/** The parents of a resource, nearest first. */
export function parentsOf(type: string, values: JsonObject): Parent[] {
  const links = linksOf(type);
  const parents = links.flatMap(([attribute, parent]) => {
    const name = lastSegment(textOf(values[attribute])?.replace(/\/$/, ""));
    if (name === undefined || name === "") return [];
    return [{ type: parent, name }];
  });
  // A grant does not apply to a new service account with the same email.
  const email = isGrant(type) ? /^serviceAccount:(.+)$/.exec(textOf(values["member"]) ?? "")?.[1] : undefined;
  return email === undefined ? parents : [...parents, { type: "google_service_account", name: email }];
}

function linksOf(type: string): readonly Link[] {
  let links = known.get(type);
  if (links === undefined) known.set(type, (links = containment(type) ?? iamContainment(type)));
  return links;
}

/** Cache by type: a plan has thousands of resources of a few dozen types. */
const known = new Map<string, readonly Link[]>();

/** The name that children use to refer to a resource of this type. */
export function nameForChildren(type: string, values: JsonObject): string | undefined {
  const attribute = ownNames(type) ?? "name";
  return lastSegment(textOf(values[attribute]) ?? undefined);
}

const ownNames = lookup<string>({
  google_bigquery_dataset: "dataset_id",
  google_bigquery_table: "table_id",
  google_bigquery_routine: "routine_id",
  google_service_account: "email",
  google_secret_manager_secret: "secret_id",
  google_artifact_registry_repository: "repository_id",
  google_iam_workload_identity_pool: "workload_identity_pool_id",
  google_project: "project_id",
  google_alloydb_cluster: "cluster_id",
  google_dataplex_lake: "name",
  aws_s3_bucket: "bucket",
  aws_iam_role: "name",
  google_managed_kafka_cluster: "cluster_id",
  google_secret_manager_regional_secret: "secret_id",
  aws_rds_cluster: "cluster_identifier",
  aws_efs_file_system: "id",
  aws_sns_topic: "arn",
  aws_kms_key: "key_id",
  aws_secretsmanager_secret: "id",
  aws_route53_zone: "zone_id",
  aws_sqs_queue: "id",
});

type Link = readonly [attribute: string, parent: string];

const containment = lookup<readonly Link[]>({
  google_bigquery_table: [["dataset_id", "google_bigquery_dataset"]],
  google_bigquery_routine: [["dataset_id", "google_bigquery_dataset"]],
  google_bigquery_dataset_access: [["dataset_id", "google_bigquery_dataset"]],
  google_storage_bucket_object: [["bucket", "google_storage_bucket"]],
  google_storage_managed_folder: [["bucket", "google_storage_bucket"]],
  google_storage_folder: [["bucket", "google_storage_bucket"]],
  google_storage_anywhere_cache: [["bucket", "google_storage_bucket"]],
  google_storage_notification: [["bucket", "google_storage_bucket"]],
  google_storage_bucket_acl: [["bucket", "google_storage_bucket"]],
  google_storage_bucket_access_control: [["bucket", "google_storage_bucket"]],
  google_storage_default_object_acl: [["bucket", "google_storage_bucket"]],
  google_storage_default_object_access_control: [["bucket", "google_storage_bucket"]],
  google_sql_database: [["instance", "google_sql_database_instance"]],
  google_sql_user: [["instance", "google_sql_database_instance"]],
  google_sql_ssl_cert: [["instance", "google_sql_database_instance"]],
  google_pubsub_subscription: [["topic", "google_pubsub_topic"]],
  google_kms_crypto_key: [["key_ring", "google_kms_key_ring"]],
  google_kms_crypto_key_version: [["crypto_key", "google_kms_crypto_key"]],
  google_secret_manager_secret_version: [["secret", "google_secret_manager_secret"]],
  google_service_account_key: [["service_account_id", "google_service_account"]],
  google_iam_workload_identity_pool_provider: [
    ["workload_identity_pool_id", "google_iam_workload_identity_pool"],
  ],
  google_compute_subnetwork: [["network", "google_compute_network"]],
  google_compute_firewall: [["network", "google_compute_network"]],
  google_compute_router: [["network", "google_compute_network"]],
  google_compute_router_nat: [["router", "google_compute_router"]],
  google_service_networking_connection: [["network", "google_compute_network"]],
  google_container_node_pool: [["cluster", "google_container_cluster"]],
  google_spanner_database: [["instance", "google_spanner_instance"]],
  google_bigtable_table: [["instance_name", "google_bigtable_instance"]],
  google_alloydb_instance: [["cluster", "google_alloydb_cluster"]],
  google_alloydb_user: [["cluster", "google_alloydb_cluster"]],
  google_artifact_registry_repository_iam_member: [["repository", "google_artifact_registry_repository"]],
  google_dataplex_zone: [["lake", "google_dataplex_lake"]],
  google_dns_record_set: [["managed_zone", "google_dns_managed_zone"]],
  google_logging_log_view: [["bucket", "google_logging_project_bucket_config"]],
  aws_s3_bucket_notification: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_policy: [["bucket", "aws_s3_bucket"]],
  google_filestore_snapshot: [["instance", "google_filestore_instance"]],
  google_managed_kafka_topic: [["cluster", "google_managed_kafka_cluster"]],
  google_firestore_document: [["database", "google_firestore_database"]],
  google_firestore_field: [["database", "google_firestore_database"]],
  google_firestore_index: [["database", "google_firestore_database"]],
  google_healthcare_dicom_store: [["dataset", "google_healthcare_dataset"]],
  google_healthcare_fhir_store: [["dataset", "google_healthcare_dataset"]],
  google_healthcare_hl7_v2_store: [["dataset", "google_healthcare_dataset"]],
  google_secret_manager_regional_secret_version: [["secret", "google_secret_manager_regional_secret"]],
  google_bigtable_gc_policy: [["table", "google_bigtable_table"]],
  google_data_catalog_policy_tag: [["taxonomy", "google_data_catalog_taxonomy"]],
  google_vertex_ai_featurestore_entitytype: [["featurestore", "google_vertex_ai_featurestore"]],
  aws_s3_bucket_acl: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_cors_configuration: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_lifecycle_configuration: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_logging: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_ownership_controls: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_public_access_block: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_server_side_encryption_configuration: [["bucket", "aws_s3_bucket"]],
  aws_s3_bucket_versioning: [["bucket", "aws_s3_bucket"]],
  aws_dynamodb_table_item: [["table_name", "aws_dynamodb_table"]],
  aws_rds_cluster_instance: [["cluster_identifier", "aws_rds_cluster"]],
  aws_glue_catalog_table: [["database_name", "aws_glue_catalog_database"]],
  aws_efs_mount_target: [["file_system_id", "aws_efs_file_system"]],
  aws_efs_access_point: [["file_system_id", "aws_efs_file_system"]],
  aws_sns_topic_subscription: [["topic_arn", "aws_sns_topic"]],
  aws_kms_alias: [["target_key_id", "aws_kms_key"]],
  aws_secretsmanager_secret_version: [["secret_id", "aws_secretsmanager_secret"]],
  aws_secretsmanager_secret_policy: [["secret_arn", "aws_secretsmanager_secret"]],
  aws_cloudwatch_log_stream: [["log_group_name", "aws_cloudwatch_log_group"]],
  aws_ecr_lifecycle_policy: [["repository", "aws_ecr_repository"]],
  aws_ecr_repository_policy: [["repository", "aws_ecr_repository"]],
  aws_route53_record: [["zone_id", "aws_route53_zone"]],
  aws_s3_object: [["bucket", "aws_s3_bucket"]],
  aws_iam_role_policy: [["role", "aws_iam_role"]],
  aws_iam_role_policy_attachment: [["role", "aws_iam_role"]],
  aws_sqs_queue_policy: [["queue_url", "aws_sqs_queue"]],
  aws_sqs_queue_redrive_policy: [["queue_url", "aws_sqs_queue"]],
});

/** `google_storage_bucket_iam_member` belongs to the google_storage_bucket in one of its attributes. */
function iamContainment(type: string): readonly Link[] {
  const on = /^(google_\w+?)_iam_(?:member|binding|policy|audit_config)$/.exec(type)?.[1];
  if (on === undefined || on === "google_project" || on === "google_folder" || on === "google_organization")
    return [];
  const attributes = iamAttributes(on) ?? ["name"];
  const link: readonly Link[] = attributes.map((attribute) => [attribute, on]);
  return on === "google_bigquery_table" ? [...link, ["dataset_id", "google_bigquery_dataset"]] : link;
}

const iamAttributes = lookup<readonly string[]>({
  google_storage_bucket: ["bucket"],
  google_bigquery_dataset: ["dataset_id"],
  google_bigquery_table: ["table_id"],
  google_pubsub_topic: ["topic"],
  google_pubsub_subscription: ["subscription"],
  google_service_account: ["service_account_id"],
  google_secret_manager_secret: ["secret_id"],
  google_kms_crypto_key: ["crypto_key_id"],
  google_kms_key_ring: ["key_ring_id"],
  google_artifact_registry_repository: ["repository"],
  google_compute_subnetwork: ["subnetwork"],
  google_spanner_instance: ["instance"],
  google_spanner_database: ["database"],
  google_bigtable_instance: ["instance"],
  google_cloudfunctions_function: ["cloud_function"],
  google_cloudfunctions2_function: ["cloud_function"],
  google_cloud_run_service: ["service"],
  google_iap_web_backend_service: ["web_backend_service"],
});
