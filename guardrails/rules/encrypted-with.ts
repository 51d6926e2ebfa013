import type { Finding, Rule } from "../rule";
import type { Resource } from "../synthesis";
import { textAt } from "../values";

export interface EncryptedWithProps {
  /** Full name of the Cloud KMS key: `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
  readonly key: string;
}

/** Every Google Cloud resource that stores something and can have a customer-managed key has this one. */
export function encryptedWith({ key }: EncryptedWithProps): Rule {
  return ({ resources }): Finding[] =>
    resources.flatMap((resource) => {
      const argument = keyArguments[resource.type];
      if (argument !== undefined) return fault(resource, argument, key);
      const own = ownKeys[resource.type];
      return own === undefined || textAt(resource.values, own) === undefined ? [] : fault(resource, own, key);
    });
}

/** Types that have the key of the resource that contains them, unless they are given another. */
const ownKeys: Readonly<Record<string, string>> = {
  google_bigquery_table: "encryption_configuration.kms_key_name",
  google_storage_bucket_object: "kms_key_name",
};

/**
 * The argument for the key, by type.
 *
 * @see https://cloud.google.com/kms/docs/compatible-services
 */
const keyArguments: Readonly<Record<string, string>> = {
  google_artifact_registry_repository: "kms_key_name",
  google_bigquery_connection: "kms_key_name",
  google_bigquery_dataset: "default_encryption_configuration.kms_key_name",
  google_cloud_run_v2_job: "template.template.encryption_key",
  google_cloud_run_v2_service: "template.encryption_key",
  google_composer_environment: "config.encryption_config.kms_key_name",
  google_compute_disk: "disk_encryption_key.kms_key_self_link",
  google_logging_project_bucket_config: "cmek_settings.kms_key_name",
  google_managed_kafka_cluster: "gcp_config.kms_key",
  google_pubsub_topic: "kms_key_name",
  google_secret_manager_secret: "replication.user_managed.replicas.customer_managed_encryption.kms_key_name",
  google_sql_database_instance: "encryption_key_name",
  google_storage_bucket: "encryption.default_kms_key_name",
  google_workflows_workflow: "crypto_key_name",
};

function fault({ path, values }: Resource, argument: string, key: string): Finding[] {
  const set = textAt(values, argument);
  if (set === key) return [];
  const found = set === undefined ? "is not encrypted with the key" : `is encrypted with another key, ${set}`;
  return [{ path, found, fix: `set ${argument} to ${key}` }];
}
