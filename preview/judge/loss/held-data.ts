import { lookup } from "../../lookup";

/** The data of a resource that is lost if it is deleted. */
export interface Holding {
  /** In the plural: "objects", "rows". */
  readonly what: string;
  /** How to recover it; undefined if not possible. */
  readonly wayBack?: string;
}

const softDelete = "objects can be restored within the soft delete period of the bucket (7 days by default)";

/** By type. */
export const holdings = lookup<Holding>({
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
  ...alike("keys", "google_memcache_instance google_memorystore_instance"),
  ...alike(
    "files",
    "google_lustre_instance google_parallelstore_instance",
    "import them again from their bucket",
  ),
  ...alike("files", "google_netapp_volume", "restore from a snapshot or backup in another pool"),
  ...alike("volumes", "google_netapp_storage_pool"),
  ...alike(
    "copies for recovery",
    "google_filestore_backup google_filestore_snapshot google_alloydb_backup google_compute_image " +
      "google_compute_machine_image google_compute_region_snapshot google_backup_dr_backup_vault google_netapp_backup_vault",
  ),
  ...alike(
    "documents",
    "google_firestore_document google_discovery_engine_data_store google_document_ai_warehouse_location",
  ),
  ...alike("records", "google_firebase_database_instance google_oracle_database_autonomous_database"),
  ...alike("virtual machines", "google_vmwareengine_private_cloud"),
  ...alike(
    "features",
    "google_vertex_ai_featurestore google_vertex_ai_featurestore_entitytype google_vertex_ai_feature_online_store",
  ),
  ...alike("training data", "google_vertex_ai_dataset"),
  ...alike("vectors", "google_vertex_ai_index", "build the index again from its source"),
  ...alike("experiments", "google_vertex_ai_tensorboard"),
  ...alike(
    "notebooks on its disk",
    "google_workbench_instance google_notebooks_instance google_colab_runtime",
    "restore from a snapshot of the disk",
  ),
  ...alike("files on its disks", "google_dataproc_cluster", "keep data in buckets, not in HDFS"),
  ...alike("pipelines", "google_data_fusion_instance", "import exported pipelines"),
  ...alike("dashboards and settings", "google_looker_instance", "import an export of the instance"),
  ...alike(
    "medical records",
    "google_healthcare_dicom_store google_healthcare_fhir_store google_healthcare_hl7_v2_store google_healthcare_consent_store",
  ),
  ...alike("repositories", "google_secure_source_manager_instance"),
  ...alike(
    "commits",
    "google_sourcerepo_repository google_secure_source_manager_repository",
    "push a clone again",
  ),
  ...alike(
    "metadata",
    "google_data_catalog_entry google_data_catalog_entry_group google_dataplex_entry google_dataplex_entry_group google_dataplex_glossary",
  ),
  ...alike(
    "log entries",
    "google_logging_folder_bucket_config google_logging_organization_bucket_config google_logging_billing_account_bucket_config",
  ),
  ...alike("versions", "google_secret_manager_regional_secret", "add the value again"),
  ...alike("secret value", "google_secret_manager_regional_secret_version", "add the value again"),
  ...alike("queued tasks", "google_cloud_tasks_queue"),
  ...alike(
    "objects",
    "google_storage_managed_folder google_storage_folder",
    "objects can be restored within the soft delete period of the bucket",
  ),
  ...alike("messages", "google_pubsub_lite_subscription"),
  ...alike(
    "agents and their conversations",
    "google_dialogflow_agent google_dialogflow_cx_agent",
    "restore an export",
  ),
  ...alike("API proxies and their data", "google_apigee_organization"),
  ...alike("users", "google_identity_platform_tenant", "import an export of the users"),
  ...alike(
    "the private key, and with it all certificates it issued,",
    "google_privateca_certificate_authority",
    "the authority can be restored within its grace period",
  ),
  ...alike("migrated changes that are not applied yet", "google_datastream_stream", "backfill the stream"),
  ...alike(
    "databases",
    "aws_docdb_cluster aws_docdbelastic_cluster aws_neptune_cluster aws_lightsail_database aws_redshiftserverless_namespace",
    "restore from a snapshot",
  ),
  ...alike(
    "tables",
    "aws_keyspaces_keyspace aws_timestreamwrite_database aws_glue_catalog_database aws_s3tables_table_bucket aws_s3tables_namespace",
  ),
  ...alike("rows", "aws_keyspaces_table aws_timestreamwrite_table aws_s3tables_table"),
  ...alike("items", "aws_dynamodb_table_item aws_dynamodb_global_table"),
  ...alike(
    "documents",
    "aws_qldb_ledger aws_elasticsearch_domain aws_opensearch_domain aws_opensearchserverless_collection aws_cloudsearch_domain",
    "restore from a snapshot",
  ),
  ...alike("keys", "aws_memorydb_cluster aws_elasticache_serverless_cache", "restore from a snapshot"),
  ...alike("objects", "aws_s3_directory_bucket aws_s3control_bucket"),
  ...alike("archives", "aws_glacier_vault"),
  ...alike(
    "files",
    "aws_fsx_lustre_file_system aws_fsx_ontap_file_system aws_fsx_ontap_volume aws_fsx_openzfs_file_system aws_fsx_openzfs_volume aws_fsx_windows_file_system aws_lightsail_disk",
    "restore from a backup",
  ),
  ...alike(
    "copies for recovery",
    "aws_backup_vault aws_db_snapshot aws_db_cluster_snapshot aws_ebs_snapshot aws_redshift_snapshot aws_ami",
  ),
  ...alike("records", "aws_kinesis_video_stream aws_route53_zone"),
  ...alike("records that are not delivered yet", "aws_kinesis_firehose_delivery_stream"),
  ...alike("topics", "aws_msk_serverless_cluster"),
  ...alike("messages", "aws_mq_broker"),
  ...alike(
    "packages and images",
    "aws_codeartifact_repository aws_codeartifact_domain aws_ecrpublic_repository",
    "build and push them again",
  ),
  ...alike("commits", "aws_codecommit_repository", "push a clone again"),
  ...alike(
    "key material, and with it all data it encrypts,",
    "aws_kms_replica_key aws_kms_external_key",
    "cancel the deletion within its window",
  ),
  ...alike("secret value", "aws_ssm_parameter", "add the value again"),
  ...alike("log entries", "aws_cloudwatch_log_stream aws_cloudtrail_event_data_store"),
  ...alike("users", "aws_cognito_user_pool aws_directory_service_directory aws_workspaces_workspace"),
  ...alike("metrics", "aws_prometheus_workspace"),
  ...alike("features", "aws_sagemaker_feature_group"),
  ...alike("notebooks on its disk", "aws_sagemaker_domain aws_sagemaker_notebook_instance"),
  ...alike("workloads and their volumes", "aws_eks_cluster", "deploy the workloads again"),
  ...alike("run history and variables", "aws_mwaa_environment"),
  ...alike("files on its disks", "aws_emr_cluster", "keep data in buckets, not in HDFS"),
  ...alike("resources", "aws_cloudformation_stack"),
});

/** Types whose data is in the same words, and has no other way back than a copy that was made before. */
function alike(what: string, types: string, wayBack?: string): Readonly<Record<string, Holding>> {
  const holding = { what, ...(wayBack !== undefined && { wayBack }) };
  return Object.fromEntries(types.split(" ").map((type) => [type, holding]));
}
