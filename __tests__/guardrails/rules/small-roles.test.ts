import { isTooBroad } from "../../../constructs/service-identity";
import { smallRoles } from "../../../guardrails";
import { type Case, type Resources, said } from "../support";

const exclusiveFix = "use the _iam_member resource, or the grant methods of the construct";
const ownerFix = "grant the roles that are needed, on the resources that they are for";
const broadFix = "grant it on the resource, or grant a role with fewer permissions";
const awsFix = "list the actions that are needed";
const member = "group:team@example.com";
const grant = (level: string, role: string): Resources => ({
  [`google_${level}_iam_member`]: { team: { role, member } },
});
const policy = (Action: string | readonly string[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const granting = {
  google_project_iam_custom_role: {
    grants: { role_id: "grants", permissions: ["resourcemanager.projects.setIamPolicy"] },
  },
};
const member_of = (condition?: object) => ({
  google_project_iam_member: { deploy: { role: "projects/p/roles/grants", member, condition } },
});

const broken: readonly Case[] = [
  ...["google_storage_bucket_iam_policy", "google_project_iam_binding"].map((type): Case => [
    `a ${type}`,
    { [type]: { all: {} } },
    [`test/${type}.all is a ${type}, which removes every grant that it does not list | ${exclusiveFix}`],
  ]),
  [
    "access blocks of a dataset",
    { google_bigquery_dataset: { raw: { access: [{ role: "READER", user_by_email: "a@example.com" }] } } },
    [
      `test/google_bigquery_dataset.raw has access blocks, which remove every grant that they do not list | ${exclusiveFix}`,
    ],
  ],
  ...["roles/owner", "roles/editor"].flatMap((role): Case[] => [
    [
      `${role} on a project`,
      grant("project", role),
      [`test/google_project_iam_member.team grants ${role} | ${ownerFix}`],
    ],
    [
      `${role} on a resource`,
      grant("storage_bucket", role),
      [`test/google_storage_bucket_iam_member.team grants ${role} | ${ownerFix}`],
    ],
  ]),
  ...["project", "folder", "organization"].flatMap((level) =>
    [
      "roles/storage.admin",
      "roles/compute.instanceAdmin.v1",
      "roles/bigquery.dataOwner",
      "roles/iam.serviceAccountUser",
      "roles/iam.serviceAccountTokenCreator",
      "roles/iam.workloadIdentityUser",
    ].map((role): Case => [
      `${role} on a whole ${level}`,
      grant(level, role),
      [`test/google_${level}_iam_member.team grants ${role} on the whole ${level} | ${broadFix}`],
    ]),
  ),
  [
    "every action of a service of AWS",
    { aws_iam_role_policy: { read: { policy: policy(["s3:GetObject", "s3:*"]) } } },
    [`test/aws_iam_role_policy.read allows s3:* | ${awsFix}`],
  ],
  [
    "every action of AWS",
    { aws_iam_policy: { all: { policy: policy("*") } } },
    [`test/aws_iam_policy.all allows * | ${awsFix}`],
  ],
  ...["AdministratorAccess", "PowerUserAccess", "AmazonS3FullAccess"].map((name): Case => [
    `the attached policy ${name}`,
    { aws_iam_role_policy_attachment: { all: { policy_arn: `arn:aws:iam::aws:policy/${name}` } } },
    [`test/aws_iam_role_policy_attachment.all allows ${name} | ${awsFix}`],
  ]),
  ...[
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
    "iam.serviceAccounts.implicitDelegation",
    "iam.serviceAccounts.signBlob",
    "iam.serviceAccountKeys.create",
  ].flatMap((permission) =>
    ["google_project_iam_custom_role", "google_organization_iam_custom_role"].map((type): Case => [
      `${permission} in a ${type}`,
      { [type]: { role: { permissions: ["storage.buckets.get", permission] } } },
      [
        `test/${type}.role contains ${permission}, which allows acting as any service account of the project | ` +
          "grant roles/iam.serviceAccountUser on the service accounts that need it",
      ],
    ]),
  ),
  [
    "a role that can grant every role, without a condition",
    { ...granting, ...member_of() },
    [
      "test/google_project_iam_member.deploy grants projects/p/roles/grants without a condition, and with it every other role | " +
        "add a condition that lists the roles that may be granted",
    ],
  ],
];

test.each(broken)("smallRoles finds %s", (_, resources, expected) => {
  expect(said(smallRoles(), resources)).toEqual(expected);
});

test("smallRoles accepts small grants on a project, and large ones on a resource", () => {
  const resources: Resources = {
    ...granting,
    google_project_iam_member: {
      viewer: { role: "roles/viewer", member },
      job: { role: "roles/bigquery.jobUser", member },
      ...member_of({ title: "limited" }).google_project_iam_member,
    },
    google_storage_bucket_iam_member: { admin: { role: "roles/storage.admin", member } },
    aws_iam_role_policy: { read: { policy: policy(["s3:GetObject", "s3:List*"]) } },
  };
  expect(said(smallRoles(), resources)).toEqual([]);
});

test("smallRoles reports on a project exactly the roles that ServiceIdentity does not grant there", () => {
  const services = ["bigquery", "compute", "iam", "resourcemanager", "run", "storage", "workflows"];
  const suffixes = [
    ...["admin", "dataOwner", "dataViewer", "instanceAdmin.v1", "invoker", "jobUser", "networkUser"],
    ...["objectAdmin", "objectViewer", "organizationAdmin", "projectIamAdmin", "serviceAccountTokenCreator"],
    ...["serviceAccountUser", "serviceAccountViewer", "viewer", "workloadIdentityUser"],
  ];
  const roles = [
    "roles/viewer",
    ...services.flatMap((service) => suffixes.map((end) => `roles/${service}.${end}`)),
  ];
  const members = Object.fromEntries(roles.map((role, index) => [`role${index}`, { role, member }]));
  const found = said(smallRoles(), { google_project_iam_member: members }).map((one) =>
    one.replace(/^.* grants (.+) on the whole project .*$/, "$1"),
  );
  expect(found.sort()).toEqual(roles.filter(isTooBroad).sort());
});
