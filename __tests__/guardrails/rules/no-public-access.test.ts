import { noPublicAccess } from "../../../guardrails";
import { type Case, type Resources, said } from "../support";

const grantFix = "grant it to a service account or a group";
const bucket = { public_access_prevention: "enforced", uniform_bucket_level_access: true };
const instance = (ip: object): Resources => ({
  google_sql_database_instance: { postgres: { settings: { ip_configuration: ip } } },
});
const firewall = (rule: object): Resources => ({
  google_compute_firewall: { rule: { allow: [{ protocol: "tcp" }], ...rule } },
});
const policy = (statement: object | readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statement });

const open: readonly Case[] = [
  [
    "a grant to allUsers",
    {
      google_storage_bucket_iam_member: { open: { role: "roles/storage.objectViewer", member: "allUsers" } },
    },
    [
      `test/google_storage_bucket_iam_member.open grants roles/storage.objectViewer to allUsers | ${grantFix}`,
    ],
  ],
  [
    "a grant to allAuthenticatedUsers in a list of members",
    {
      google_project_iam_binding: {
        open: { role: "roles/viewer", members: ["group:a@example.com", "allAuthenticatedUsers"] },
      },
    },
    [`test/google_project_iam_binding.open grants roles/viewer to allAuthenticatedUsers | ${grantFix}`],
  ],
  [
    "an access block of a dataset",
    { google_bigquery_dataset: { raw: { access: [{ role: "READER", iam_member: "allUsers" }] } } },
    [`test/google_bigquery_dataset.raw grants READER to allUsers | ${grantFix}`],
  ],
  [
    "a special group",
    {
      google_bigquery_dataset_access: { open: { role: "READER", special_group: "allAuthenticatedUsers" } },
    },
    [`test/google_bigquery_dataset_access.open grants READER to allAuthenticatedUsers | ${grantFix}`],
  ],
  [
    "an access control list with a prefixed entity and no role",
    { google_storage_default_object_acl: { open: { role_entity: ["user:allUsers"] } } },
    [`test/google_storage_default_object_acl.open grants a role to user:allUsers | ${grantFix}`],
  ],
  [
    "a queue policy for every principal of AWS",
    {
      aws_sqs_queue_policy: {
        events: { policy: policy([{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sqs:SendMessage" }]) },
      },
    },
    [
      "test/aws_sqs_queue_policy.events allows everyone in its policy | name the service or the account as the Principal",
    ],
  ],
  [
    "a trust policy for every principal, as a single statement",
    {
      aws_iam_role: {
        open: {
          assume_role_policy: policy({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
        },
      },
    },
    [
      "test/aws_iam_role.open allows everyone in its assume_role_policy | name the service or the account as the Principal",
    ],
  ],
  [
    "a bucket that can be made public",
    { google_storage_bucket: { lake: { ...bucket, public_access_prevention: "inherited" } } },
    [
      'test/google_storage_bucket.lake does not prevent public access | set public_access_prevention to "enforced"',
    ],
  ],
  [
    "a bucket with access control lists",
    { google_storage_bucket: { lake: { ...bucket, uniform_bucket_level_access: undefined } } },
    [
      "test/google_storage_bucket.lake allows access control lists on single objects | set uniform_bucket_level_access to true",
    ],
  ],
  ...[
    { name: "a database without ip_configuration", ip: {} },
    { name: "a database with a public address", ip: { ipv4_enabled: true } },
    {
      name: "a database with authorized networks",
      ip: { ipv4_enabled: false, authorized_networks: [{ value: "0.0.0.0/0" }] },
    },
  ].map(({ name, ip }): Case => [
    name,
    instance(ip),
    [
      "test/google_sql_database_instance.postgres has a public IP address | " +
        "set ipv4_enabled to false, remove authorized_networks, and set a private_network",
    ],
  ]),
  ...[
    { name: "a firewall rule without sources", rule: {} },
    { name: "a firewall rule for every IPv4 address", rule: { source_ranges: ["10.0.0.0/8", "0.0.0.0/0"] } },
    {
      name: "a firewall rule for every IPv6 address",
      rule: { source_ranges: ["::/0"], source_tags: ["web"] },
    },
  ].map(({ name, rule }): Case => [
    name,
    firewall(rule),
    [
      "test/google_compute_firewall.rule allows traffic from the internet | " +
        "allow only the address ranges, tags, or service accounts that need it",
    ],
  ]),
  [
    "an identity provider without a condition",
    { google_iam_workload_identity_pool_provider: { github: {} } },
    [
      "test/google_iam_workload_identity_pool_provider.github accepts every token of its issuer | " +
        "set attribute_condition to the ids of the repository and its owner",
    ],
  ],
];

test.each(open)("noPublicAccess finds %s", (_, resources, expected) => {
  expect(said(noPublicAccess(), resources)).toEqual(expected);
});

test("noPublicAccess accepts what only named accounts reach", () => {
  const resources: Resources = {
    google_storage_bucket: { lake: bucket },
    google_storage_bucket_iam_member: {
      read: { role: "roles/viewer", member: "group:allUsers@example.com" },
    },
    ...instance({ ipv4_enabled: false, private_network: "n" }),
    google_compute_firewall: {
      deny: { deny: [{ protocol: "all" }] },
      egress: { allow: [{ protocol: "tcp" }], direction: "EGRESS" },
      inside: { allow: [{ protocol: "tcp" }], source_ranges: ["10.0.0.0/8"] },
      tagged: { allow: [{ protocol: "tcp" }], source_tags: ["web"] },
      account: { allow: [{ protocol: "tcp" }], source_service_accounts: ["a@example.com"] },
    },
    google_iam_workload_identity_pool_provider: { github: { attribute_condition: "true" } },
    aws_iam_role: {
      transfer: {
        assume_role_policy: policy([
          { Effect: "Allow", Principal: { Federated: "accounts.google.com" }, Action: "sts:AssumeRole" },
          { Effect: "Deny", Principal: "*", Action: "*" },
        ]),
      },
      computed: { assume_role_policy: "${data.aws_iam_policy_document.trust.json}" },
    },
  };
  expect(said(noPublicAccess(), resources)).toEqual([]);
});
