import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { TerraformStack } from "cdktf";
import { noKeys } from "../../../guardrails";
import { type Case, said } from "../support";

const keys = [
  "aws_iam_access_key",
  "aws_iam_user_login_profile",
  "google_apikeys_key",
  "google_service_account_key",
  "google_sql_ssl_cert",
  "google_storage_hmac_key",
].map((type): Case => [
  `a ${type}`,
  { [type]: { mine: {} } },
  [
    `test/${type}.mine creates a key (${type}) | authenticate with an identity instead: a service account, or an assumed role`,
  ],
]);

const secrets: readonly (readonly [type: string, setting: string, values: object])[] = [
  ["aws_secretsmanager_secret_version", "secret_string", { secret_string: "s" }],
  ["aws_secretsmanager_secret_version", "secret_binary", { secret_binary: "s" }],
  ["google_sql_database_instance", "root_password", { root_password: "s" }],
  [
    "google_sql_database_instance",
    "replica_configuration.password",
    { replica_configuration: [{ password: "s" }] },
  ],
  ["google_sql_user", "password", { password: "s" }],
  ["google_secret_manager_secret_version", "secret_data", { secret_data: "s" }],
  [
    "google_storage_transfer_job",
    "transfer_spec.aws_s3_data_source.aws_access_key",
    { transfer_spec: { aws_s3_data_source: { aws_access_key: { secret_access_key: "s" } } } },
  ],
  [
    "google_storage_transfer_job",
    "transfer_spec.azure_blob_storage_data_source.azure_credentials",
    { transfer_spec: [{ azure_blob_storage_data_source: [{ azure_credentials: [{ sas_token: "s" }] }] }] },
  ],
];
const written = secrets.map(([type, setting, values]): Case => [
  `${setting} of a ${type}`,
  { [type]: { mine: values } },
  [
    `test/${type}.mine sets ${setting}, which Terraform's state stores in plain text | ` +
      "authenticate with an identity, or use the write-only argument",
  ],
]);

test.each([...keys, ...written])("noKeys finds %s", (_, resources, expected) => {
  expect(said(noKeys(), resources)).toEqual(expected);
});

const google = (config: object) => (stack: TerraformStack) => new GoogleProvider(stack, "google", config);
const aws = (config: object) => (stack: TerraformStack) => new AwsProvider(stack, "aws", config);
const logins: readonly (readonly [
  provider: string,
  setting: string,
  add: (stack: TerraformStack) => unknown,
])[] = [
  ["google", "credentials", google({ credentials: "{}" })],
  ["google", "access_token", google({ accessToken: "t" })],
  ["aws", "access_key", aws({ accessKey: "k" })],
  ["aws", "secret_key", aws({ secretKey: "k" })],
  ["aws", "token", aws({ token: "t" })],
];

test.each(logins)("noKeys finds that the provider %s sets %s", (provider, setting, add) => {
  expect(said(noKeys(), {}, add)).toEqual([
    `test/${provider} sets ${setting}, which is written to the synthesized JSON | ` +
      "remove it: Terraform uses the credentials of its environment, and CI uses workload identity",
  ]);
});

test("noKeys accepts users and secrets whose values are elsewhere", () => {
  const resources = {
    google_sql_user: { ingest: { type: "CLOUD_IAM_SERVICE_ACCOUNT" }, admin: { password_wo: "s" } },
    google_secret_manager_secret: { token: { secret_id: "token" } },
  };
  expect(said(noKeys(), resources, google({ project: "p" }))).toEqual([]);
});
