import type { Finding, Rule } from "../rule";
import type { Resource, StackView } from "../synthesis";
import { at } from "../values";

/** No long-lived key is created, and no secret is in the configuration or the state. */
export function noKeys(): Rule {
  return ({ stacks, resources }): Finding[] => [
    ...stacks.flatMap(inProviders),
    ...resources.flatMap(inResource),
  ];
}

/** Resources that are a key. */
const keys = [
  "aws_iam_access_key",
  "aws_iam_user_login_profile",
  "google_apikeys_key",
  "google_service_account_key",
  "google_sql_ssl_cert",
  "google_storage_hmac_key",
];

/** Arguments that contain a secret, which Terraform writes to its state. */
const secrets: Readonly<Record<string, readonly string[]>> = {
  aws_secretsmanager_secret_version: ["secret_string", "secret_binary"],
  google_sql_database_instance: ["root_password", "replica_configuration.password"],
  google_sql_user: ["password"],
  google_secret_manager_secret_version: ["secret_data"],
  google_storage_transfer_job: [
    "transfer_spec.aws_s3_data_source.aws_access_key",
    "transfer_spec.azure_blob_storage_data_source.azure_credentials",
  ],
};
const credentials: Readonly<Record<string, readonly string[]>> = {
  aws: ["access_key", "secret_key", "token"],
  google: ["access_token", "credentials"],
};

function inProviders({ name, providers }: StackView): Finding[] {
  return Object.entries(providers).flatMap(([provider, all]) =>
    (credentials[provider] ?? [])
      .filter((setting) => all.some((settings) => at(settings, setting) !== undefined))
      .map((setting) => ({
        path: `${name}/${provider}`,
        found: `sets ${setting}, which is written to the synthesized JSON`,
        fix: "remove it: Terraform uses the credentials of its environment, and CI uses workload identity",
      })),
  );
}

function inResource({ type, path, values }: Resource): Finding[] {
  const held = (secrets[type] ?? []).filter((setting) => at(values, setting) !== undefined);
  const key = {
    path,
    found: `creates a key (${type})`,
    fix: "authenticate with an identity instead: a service account, or an assumed role",
  };
  return [
    ...(keys.includes(type) ? [key] : []),
    ...held.map((setting) => ({
      path,
      found: `sets ${setting}, which Terraform's state stores in plain text`,
      fix: "authenticate with an identity, or use the write-only argument",
    })),
  ];
}
