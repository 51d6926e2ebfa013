import { arrayOf, isObject, type JsonObject } from "../../json";
import { lookup } from "../../lookup";

/** The data of a resource that is lost if it is deleted. */
export interface Holding {
  /** In the plural: "objects", "rows". */
  readonly what: string;
  /** How to recover it; undefined if not possible. */
  readonly wayBack?: string;
}

/** The data of a resource; undefined if it contains only its configuration. */
export function holdingOf(type: string, values: JsonObject): Holding | undefined {
  const holding = holdings(type);
  if (holding === undefined) return undefined;
  switch (type) {
    case "google_bigquery_table":
      // External tables and views show data of other resources; a materialized view is recomputed.
      return ["external_data_configuration", "view", "materialized_view"].some((block) =>
        isSet(values, block),
      )
        ? undefined
        : holding;
    case "google_sql_database_instance":
      return values["instance_type"] === "READ_REPLICA_INSTANCE" ? undefined : holding;
    case "google_storage_bucket_object":
      // The configuration contains the content.
      return undefined;
    default:
      return holding;
  }
}

/** Whether Terraform keeps the object in the cloud when it deletes the resource. */
export function isAbandoned(values: JsonObject): boolean {
  const policy = values["deletion_policy"] ?? values["on_destroy"];
  return policy === "ABANDON" || policy === "DISABLE";
}

/** Whether an unknown type may contain data, based on its name. */
export function mayHold(type: string): boolean {
  return (
    holdings(type) === undefined &&
    /^(?:google_compute_instance|aws_instance)$|_(?:database|db|bucket|disk|volume|table|store|storage|file_?system|queue|stream|vault|snapshot|backup|share|collection|topic)$/.test(
      type,
    )
  );
}

function isSet(values: JsonObject, block: string): boolean {
  const value = values[block];
  return arrayOf(value).length > 0 || isObject(value);
}

const softDelete = "objects can be restored within the soft delete period of the bucket (7 days by default)";

const holdings = lookup<Holding>({
  google_storage_bucket: { what: "objects", wayBack: `${softDelete}; after that, only from their source` },
  google_storage_bucket_object: { what: "content" },
  google_bigquery_dataset: {
    what: "tables",
    wayBack:
      "the dataset can be undeleted within the time travel window (7 days by default); after that, backfill from the lake",
  },
  google_bigquery_table: { what: "rows", wayBack: "backfill from the lake" },
  google_sql_database_instance: {
    what: "databases",
    wayBack:
      "restore from an export or a retained backup; by default, automated backups are deleted with the instance",
  },
  google_sql_database: {
    what: "tables",
    wayBack: "restore from a backup or an export of the instance, or reload from the lake",
  },
  google_alloydb_cluster: { what: "databases", wayBack: "restore from a backup" },
  google_spanner_instance: { what: "databases", wayBack: "restore from a backup in another instance" },
  google_spanner_database: { what: "tables", wayBack: "restore from a backup" },
  google_bigtable_instance: { what: "tables" },
  google_bigtable_table: { what: "rows", wayBack: "restore from a backup" },
  google_firestore_database: { what: "documents", wayBack: "restore from a backup" },
  google_datastore_database: { what: "entities", wayBack: "restore from an export" },
  google_redis_instance: { what: "cached keys" },
  google_redis_cluster: { what: "cached keys" },
  google_filestore_instance: { what: "files", wayBack: "restore from a backup" },
  google_compute_disk: { what: "files", wayBack: "restore from a snapshot" },
  google_compute_region_disk: { what: "files", wayBack: "restore from a snapshot" },
  google_compute_snapshot: { what: "files" },
  google_kms_key_ring: { what: "keys" },
  google_kms_crypto_key: {
    what: "key versions, and with them all data they encrypt,",
    wayBack: "key versions can be restored while their destruction is scheduled (30 days by default)",
  },
  google_kms_crypto_key_version: {
    what: "key material, and with it all data it encrypts,",
    wayBack: "the key version can be restored while its destruction is scheduled",
  },
  google_secret_manager_secret: { what: "versions", wayBack: "add the value again" },
  google_secret_manager_secret_version: { what: "secret value", wayBack: "add the value again" },
  google_pubsub_topic: { what: "retained messages and the attachment of subscriptions" },
  google_pubsub_subscription: {
    what: "unacknowledged messages",
    wayBack: "replay from the topic, if it retains messages",
  },
  google_pubsub_lite_topic: { what: "messages" },
  google_artifact_registry_repository: { what: "images and packages", wayBack: "build and push them again" },
  google_container_cluster: { what: "workloads and their volumes", wayBack: "deploy the workloads again" },
  google_dataproc_metastore_service: { what: "metadata", wayBack: "restore from a backup" },
  google_composer_environment: { what: "run history and variables", wayBack: "load a snapshot" },
  google_logging_project_bucket_config: { what: "log entries" },
  google_project: { what: "resources", wayBack: "a deleted project can be restored for 30 days" },
  google_dns_managed_zone: { what: "records" },
  google_managed_kafka_cluster: { what: "topics" },
  google_managed_kafka_topic: { what: "messages" },
  google_data_catalog_taxonomy: { what: "policy tags" },
  google_healthcare_dataset: { what: "stores" },
  aws_s3_bucket: { what: "objects" },
  aws_sqs_queue: { what: "messages" },
  aws_sns_topic: { what: "subscriptions" },
  aws_dynamodb_table: { what: "items", wayBack: "restore from a backup" },
  aws_db_instance: { what: "databases", wayBack: "restore from a snapshot" },
  aws_rds_cluster: { what: "databases", wayBack: "restore from a snapshot" },
  aws_redshift_cluster: { what: "databases", wayBack: "restore from a snapshot" },
  aws_elasticache_cluster: { what: "cached keys" },
  aws_elasticache_replication_group: { what: "cached keys" },
  aws_ebs_volume: { what: "files", wayBack: "restore from a snapshot" },
  aws_efs_file_system: { what: "files", wayBack: "restore from a backup" },
  aws_kms_key: {
    what: "key material, and with it all data it encrypts,",
    wayBack: "cancel the deletion within its window",
  },
  aws_secretsmanager_secret: { what: "versions", wayBack: "restore within the recovery window" },
  aws_kinesis_stream: { what: "records" },
  aws_msk_cluster: { what: "topics" },
  aws_ecr_repository: { what: "images", wayBack: "build and push them again" },
  aws_cloudwatch_log_group: { what: "log entries" },
  azurerm_resource_group: { what: "resources" },
  azurerm_storage_account: { what: "blobs, files and tables" },
  azurerm_storage_container: { what: "blobs" },
  azurerm_mssql_server: { what: "databases" },
  azurerm_mssql_database: { what: "tables", wayBack: "restore from a backup" },
  azurerm_postgresql_flexible_server: { what: "databases", wayBack: "restore from a backup" },
  azurerm_cosmosdb_account: { what: "databases", wayBack: "restore from a backup" },
  azurerm_key_vault: { what: "keys and secrets", wayBack: "recover within the soft-delete period" },
  azurerm_managed_disk: { what: "files", wayBack: "restore from a snapshot" },
});
