import { loosened } from "../../../preview/judge/access/conditions";
import type { JsonObject } from "../../../preview/json";
import { create, type Entry, keep, remove, replace, reportOf, update } from "../support/plan-json";
import { instance } from "../support/small-app";

const member = (role: string, who: string, more: JsonObject = {}) => ({
  project: "p",
  role,
  member: who,
  condition: [],
  ...more,
});
const onBucket = (role: string, who: string, more: JsonObject = {}) => ({
  bucket: "b",
  role,
  member: who,
  ...more,
});
const provider = (attribute_condition: string) => ({
  workload_identity_pool_provider_id: "ci",
  attribute_condition,
  oidc: [{ issuer_uri: "https://issuer.example" }],
});
const networks = (...values: readonly string[]) => ({
  ...instance,
  settings: [
    {
      ip_configuration: [
        { ipv4_enabled: values.length > 0, authorized_networks: values.map((value) => ({ value })) },
      ],
    },
  ],
});

describe("the guard rejects", () => {
  test.each<[string, Entry]>([
    ["owner", create("google_project_iam_member.x", member("roles/owner", "user:a@example.com"))],
    [
      "editor instead of viewer",
      replace("google_project_iam_member.x", member("roles/viewer", "group:a@example.com"), {
        role: "roles/editor",
      }),
    ],
    [
      "a public grant",
      create("google_storage_bucket_iam_member.x", onBucket("roles/storage.objectViewer", "allUsers")),
    ],
    [
      "a grant to all Google accounts in a binding",
      update(
        "google_storage_bucket_iam_binding.x",
        { bucket: "b", role: "r", members: ["user:a@example.com"] },
        { members: ["user:a@example.com", "allAuthenticatedUsers"] },
      ),
    ],
    [
      "a public grant in a policy",
      update("google_storage_bucket_iam_policy.x", policy("user:a@example.com"), policy("allUsers")),
    ],
    [
      "a grant to all Google accounts in a dataset",
      update(
        "google_bigquery_dataset.x",
        { dataset_id: "d", access: [] },
        { access: [{ role: "READER", special_group: "allAuthenticatedUsers" }] },
      ),
    ],
    [
      "a public access control list",
      create("google_storage_bucket_acl.x", { bucket: "b", role_entity: ["READER:allUsers"] }),
    ],
    [
      "a public predefined access control list",
      create("google_storage_bucket_acl.x", { bucket: "b", predefined_acl: "publicRead" }),
    ],
    [
      "token creator",
      create(
        "google_project_iam_member.x",
        member("roles/iam.serviceAccountTokenCreator", "serviceAccount:a@q.iam.gserviceaccount.com"),
      ),
    ],
    [
      "a removed condition",
      replace(
        "google_project_iam_member.x",
        member("roles/viewer", "user:a@example.com", { condition: [{ expression: "a" }] }),
        { condition: [] },
      ),
    ],
    [
      "a less restrictive condition of an identity provider",
      update(
        "google_iam_workload_identity_pool_provider.x",
        provider('a == "1" && b == "2"'),
        provider('a == "1"'),
      ),
    ],
    [
      "an identity provider without a condition",
      create("google_iam_workload_identity_pool_provider.x", provider("")),
    ],
    ["a public IP address", update("google_sql_database_instance.x", networks(), networks("10.0.0.0/8"))],
    [
      "connections from any address",
      update("google_sql_database_instance.x", networks("10.0.0.0/8"), networks("10.0.0.0/8", "0.0.0.0/0")),
    ],
    [
      "a firewall rule for any address",
      create("google_compute_firewall.x", {
        name: "f",
        direction: "INGRESS",
        source_ranges: ["0.0.0.0/0"],
        allow: [{ protocol: "tcp", ports: ["22"] }],
      }),
    ],
    [
      "a custom role that can grant roles",
      update(
        "google_project_iam_custom_role.x",
        { role_id: "r", permissions: ["a.b.c"] },
        { permissions: ["a.b.c", "resourcemanager.projects.setIamPolicy"] },
      ),
    ],
    [
      "a role for any identity of a pool",
      create(
        "google_storage_bucket_iam_member.x",
        onBucket(
          "roles/storage.objectViewer",
          "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*",
        ),
      ),
    ],
    [
      "additional audiences of an identity provider",
      update(
        "google_iam_workload_identity_pool_provider.x",
        { ...provider("a"), oidc: [{ issuer_uri: "https://issuer.example", allowed_audiences: ["a"] }] },
        { oidc: [{ issuer_uri: "https://issuer.example", allowed_audiences: ["a", "b"] }] },
      ),
    ],
    [
      "a service that accepts requests from any address",
      update(
        "google_cloud_run_v2_service.x",
        { name: "s", ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" },
        { ingress: "INGRESS_TRAFFIC_ALL" },
      ),
    ],
    [
      "a firewall policy for any address",
      create("google_compute_network_firewall_policy_rule.x", {
        direction: "INGRESS",
        action: "allow",
        match: [{ src_ip_ranges: ["0.0.0.0/0"] }],
      }),
    ],
    ["a public bucket of AWS", create("aws_s3_bucket_acl.x", { bucket: "b", acl: "public-read" })],
    [
      "an administrator of AWS",
      create("aws_iam_role_policy_attachment.x", {
        role: "r",
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    ],
    [
      "any principal in the policy of a queue",
      create("aws_sqs_queue_policy.x", {
        queue_url: "q",
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:*" }] }),
      }),
    ],
    [
      "a condition of a new identity provider that is always true",
      create("google_iam_workload_identity_pool_provider.x", provider("true")),
    ],
    [
      "a condition that becomes known only after the apply",
      update(
        "google_iam_workload_identity_pool_provider.x",
        provider('a == "1"'),
        {},
        { unknown: { attribute_condition: true } },
      ),
    ],
    [
      "a policy whose members are known only after the apply",
      create("google_project_iam_policy.x", { project: "p" }, { unknown: { policy_data: true } }),
    ],
    [
      "impersonation by a foreign identity",
      create("google_service_account_iam_member.x", {
        service_account_id: "projects/p/serviceAccounts/own@p.iam.gserviceaccount.com",
        role: "roles/iam.workloadIdentityUser",
        member: "serviceAccount:q.svc.id.goog[n/a]",
      }),
    ],
    [
      "a firewall rule without a source, which applies to all of them",
      create("google_compute_firewall.x", { name: "f", direction: "INGRESS", allow: [{ protocol: "tcp" }] }),
    ],
    [
      "a quarter of the internet",
      create("google_compute_firewall.x", {
        name: "f",
        source_ranges: ["64.0.0.0/2"],
        allow: [{ protocol: "tcp" }],
      }),
    ],
    [
      "an AWS policy for everyone except a few",
      create("aws_s3_bucket_policy.x", {
        bucket: "b",
        policy: JSON.stringify({
          Statement: [{ Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:*" }],
        }),
      }),
    ],
    [
      "an inline policy with every action",
      update(
        "aws_iam_role.x",
        { name: "r", inline_policy: [] },
        {
          inline_policy: [
            { policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }) },
          ],
        },
      ),
    ],
    [
      "an administrator by an exclusive attachment",
      create("aws_iam_policy_attachment.x", {
        name: "a",
        users: ["u"],
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    ],
    ["a public cluster on AWS", create("aws_redshift_cluster.x", { publicly_accessible: true })],
    ["a public image on AWS", create("aws_ami_launch_permission.x", { image_id: "i", group: "all" })],
  ])("%s", (_name, entry) => {
    const report = reportOf([entry]);
    expect(report.verdict).toBe("guard");
    expect(report.guard).toEqual([
      expect.objectContaining({ address: entry.address, rule: "access", allowed: false }),
    ]);
    expect(report.access[0]?.broadening).toBeDefined();
  });
});

describe("the guard accepts", () => {
  const account = create("google_service_account.own", {
    account_id: "own",
    email: "own@p.iam.gserviceaccount.com",
    project: "p",
  });
  const who = "serviceAccount:own@p.iam.gserviceaccount.com";
  test.each<[string, readonly Entry[]]>([
    [
      "an ordinary role of a new service account",
      [account, create("google_project_iam_member.x", member("roles/bigquery.jobUser", who))],
    ],
    [
      "impersonation of a new service account of the same plan",
      [
        account,
        create("google_service_account_iam_member.x", {
          service_account_id: "projects/p/serviceAccounts/own@p.iam.gserviceaccount.com",
          role: "roles/iam.serviceAccountUser",
          member: "serviceAccount:deploy@p.iam.gserviceaccount.com",
        }),
      ],
    ],
    [
      "an added condition",
      [
        replace("google_project_iam_member.x", member("roles/viewer", "user:a@example.com"), {
          condition: [{ expression: "a" }],
        }),
      ],
    ],
    [
      "a more restrictive condition of an identity provider",
      [
        update(
          "google_iam_workload_identity_pool_provider.x",
          provider('a == "1"'),
          provider('a == "1" && b == "2"'),
        ),
      ],
    ],
    [
      "a removed public IP address",
      [update("google_sql_database_instance.x", networks("0.0.0.0/0"), networks())],
    ],
    [
      "a grant that moves to another address",
      [
        remove("google_project_iam_member.x", member("roles/owner", "user:a@example.com")),
        create("google_project_iam_member.y", member("roles/owner", "user:a@example.com")),
      ],
    ],
    [
      "a new service that accepts requests from any address",
      [create("google_cloud_run_v2_service.x", { name: "s", ingress: "INGRESS_TRAFFIC_ALL" })],
    ],
    [
      "an existing owner",
      [
        keep("google_project_iam_member.x", member("roles/owner", "user:a@example.com")),
        create("google_pubsub_topic.t", { name: "t" }),
      ],
    ],
    ["a removed owner", [remove("google_project_iam_member.x", member("roles/owner", "user:a@example.com"))]],
    [
      "a custom role without permissions to grant",
      [create("google_project_iam_custom_role.x", { role_id: "r", permissions: ["storage.buckets.get"] })],
    ],
    [
      "a firewall rule for tagged machines",
      [
        create("google_compute_firewall.x", {
          name: "f",
          direction: "INGRESS",
          source_tags: ["web"],
          allow: [{ protocol: "tcp" }],
        }),
      ],
    ],
  ])("%s", (_name, entries) => {
    const report = reportOf(entries);
    expect(report.guard).toEqual([]);
    expect(report.verdict).toBe("changed");
  });
});

test("a role on the project of a new service account is not inside, even if a resource has the name of the project", () => {
  const report = reportOf([
    create("google_service_account.own", {
      account_id: "own",
      email: "own@p.iam.gserviceaccount.com",
      project: "p",
    }),
    create("google_pubsub_topic.p", { name: "p" }),
    create(
      "google_project_iam_member.x",
      member("roles/owner", "serviceAccount:own@p.iam.gserviceaccount.com"),
    ),
  ]);
  expect(report.verdict).toBe("guard");
});

test("an authoritative binding reports removed members", () => {
  const [change] = reportOf([
    update(
      "google_storage_bucket_iam_binding.x",
      { bucket: "b", role: "r", members: ["user:a@example.com", "user:b@example.com"] },
      { members: ["user:b@example.com"] },
    ),
  ]).access;
  expect(change).toMatchObject({
    kind: "lost",
    who: "user:a@example.com",
    before: "r",
    on: "bucket b",
    authoritative: true,
  });
});

test("the guard allows a change only by its address and the digest", () => {
  const entries = [create("google_project_iam_member.x", member("roles/owner", "user:a@example.com"))];
  const { digest } = reportOf(entries);
  const verdict = (allow: string) => reportOf(entries, { allow: [allow] }).verdict;
  expect(verdict(`google_project_iam_member.x@${digest}`)).toBe("changed");
  expect(verdict(`prod-lake/google_project_iam_member.x@${digest}`)).toBe("changed");
  expect(verdict("google_project_iam_member.x")).toBe("guard");
  expect(verdict(`google_project_iam_member.y@${digest}`)).toBe("guard");
  expect(verdict(`google_project_iam_member.x@sha256:${"0".repeat(64)}`)).toBe("guard");
  expect(reportOf(entries, { allow: ["google_project_iam_member.x@sha256:00"] }).warnings.join()).toContain(
    "does not match",
  );
});

describe("a condition is less restrictive:", () => {
  test.each<[string, string | undefined, string | undefined, boolean]>([
    ["if it is removed", "a", "", true],
    ["with a removed term", "a && b", "b", true],
    ["not with an additional term", "a", "a && b", false],
    ["not with another order and whitespace", "a  &&  b", "b && (a)", false],
    ["with an alternative", "a", "a || b", true],
    ["not because of a quoted operator", 'x == "1 && 2" && y', 'x == "1 && 2" && y && z', false],
    ["not if it is new", undefined, "a", false],
  ])("%s", (_name, before, after, expected) => {
    expect(loosened(before, after) !== undefined).toBe(expected);
  });
});

function policy(who: string): JsonObject {
  return {
    bucket: "b",
    policy_data: JSON.stringify({ bindings: [{ role: "roles/storage.objectViewer", members: [who] }] }),
  };
}

test("an authorized view gains access to a dataset", () => {
  const view = [{ project_id: "p", dataset_id: "reports", table_id: "daily" }];
  const { access } = reportOf([create("google_bigquery_dataset_access.x", { dataset_id: "core", view })]);
  expect(access).toMatchObject([{ kind: "gained", who: "view p.reports.daily", on: "dataset core" }]);
});

test("the condition of a role in AWS on a claim of an issuer is shown", () => {
  const trust = (sub: string) => ({
    assume_role_policy: JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::1:oidc-provider/token.issuer.example" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringLike: { "token.issuer.example:sub": sub } },
        },
      ],
    }),
  });
  const { access } = reportOf([
    update("aws_iam_role.x", { name: "r", ...trust("repo:a/b") }, trust("repo:a/*")),
  ]);
  expect(access[0]?.before).toContain("repo:a/b");
  expect(access[0]?.after).toContain("repo:a/*");
});

test("a new custom role shows only the permissions that allow more than they say", () => {
  const permissions = ["resourcemanager.projects.setIamPolicy", "storage.buckets.get"];
  const { access, guard } = reportOf([
    create("google_project_iam_custom_role.x", { role_id: "r", permissions }),
  ]);
  expect(access).toMatchObject([
    { kind: "gained", on: "role r", after: "+ resourcemanager.projects.setIamPolicy" },
  ]);
  expect(guard).toEqual([]);
});
