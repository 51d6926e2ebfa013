import type { Finding, Platform, Resource } from "./platform";
import { at } from "./values";

/** Resources that are a key, and settings that hold one; all of them end up in Terraform's state. */
const keys = [
  "aws_iam_access_key",
  "aws_iam_user_login_profile",
  "google_apikeys_key",
  "google_service_account_key",
  "google_sql_ssl_cert",
  "google_storage_hmac_key",
];
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

/** No key is made and no secret is written down. */
export function noKeys({ stacks, resources }: Platform): Finding[] {
  const written = stacks.flatMap(({ name, providers }) =>
    Object.entries(providers).flatMap(([provider, all]) =>
      (credentials[provider] ?? [])
        .filter((setting) => all.some((settings) => at(settings, setting) !== undefined))
        .map((setting) => ({
          path: `${name}/${provider}`,
          found: `sets ${setting}, which is then in the synthesized JSON`,
          fix: "leave it out: whoever runs Terraform is logged in, and CI has an identity",
        })),
    ),
  );
  return [...written, ...resources.flatMap(inResource)];
}

function inResource({ type, path, values }: Resource): Finding[] {
  const held = (secrets[type] ?? []).filter((setting) => at(values, setting) !== undefined);
  return [
    ...(keys.includes(type)
      ? [
          {
            path,
            found: `makes a key (${type})`,
            fix: "let it act by identity: a service account, or a role taken on",
          },
        ]
      : []),
    ...held.map((setting) => ({
      path,
      found: `sets ${setting}, which Terraform's state keeps in clear`,
      fix: "let it log in by identity, or use the write-only setting",
    })),
  ];
}
