import type { Finding, Platform } from "./platform";
import { at } from "./values";

/** Resources that are a key, and settings that hold one; all of them end up in Terraform's state. */
const keys = ["aws_iam_access_key", "google_service_account_key", "google_storage_hmac_key"];
const secrets: Readonly<Record<string, readonly string[]>> = {
  google_sql_database_instance: ["root_password"],
  google_sql_user: ["password"],
  google_secret_manager_secret_version: ["secret_data"],
  google_storage_transfer_job: ["transfer_spec.aws_s3_data_source.aws_access_key"],
};

/** No key is made and no secret is written down. */
export function noKeys({ resources }: Platform): Finding[] {
  return resources.flatMap(({ type, path, values }) => {
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
  });
}
