import { noBasicRoles } from "../../../guardrails";
import { type Case, type Resources, said } from "../support";

const basicFix =
  "grant the roles that are needed, on the resources that they are for; to see a project, roles/browser is enough";
const groupFix = "grant it to a service account or a group";
const member = "group:team@example.com";
const owners = ["projectOwner:p"];
const roles = ["BucketOwner", "BucketReader", "ObjectOwner", "ObjectReader"].map(
  (name) => `roles/storage.legacy${name}`,
);
const bindings = (bucket: string, members: readonly string[] = owners) =>
  Object.fromEntries(roles.map((role, index) => [`b${index}`, { bucket, role, members }]));

const broken: readonly Case[] = [
  ...["viewer", "editor", "owner"].flatMap((name) =>
    ["project", "folder", "organization", "storage_bucket"].map((level): Case => [
      `roles/${name} on a ${level}`,
      { [`google_${level}_iam_member`]: { team: { role: `roles/${name}`, member } } },
      [`test/google_${level}_iam_member.team grants roles/${name} | ${basicFix}`],
    ]),
  ),
  [
    "a grant to the viewers of the project",
    {
      google_storage_bucket_iam_member: {
        all: { role: "roles/storage.objectViewer", member: "projectViewer:p" },
      },
    },
    [
      `test/google_storage_bucket_iam_member.all grants roles/storage.objectViewer to projectViewer:p, all who have a basic role | ${groupFix}`,
    ],
  ],
  [
    "a dataset whose access is for the readers of the project",
    {
      google_bigquery_dataset: {
        raw: {
          access: [
            { role: "OWNER", user_by_email: "a@example.com" },
            { role: "READER", special_group: "projectReaders" },
          ],
        },
      },
    },
    [
      `test/google_bigquery_dataset.raw grants READER to projectReaders, all who have a basic role | ${groupFix}`,
    ],
  ],
  [
    "a dataset without access",
    { google_bigquery_dataset: { raw: { dataset_id: "raw" } } },
    [
      "test/google_bigquery_dataset.raw has no access block, so BigQuery lets the viewers of the project read it and the editors write it | " +
        "set access to an owner, and ignore changes of it, since grants are entries of the same list",
    ],
  ],
  [
    "a bucket with the bindings of Cloud Storage",
    {
      google_storage_bucket: { lake: { name: "lake" } },
      google_storage_bucket_iam_binding: {
        ...bindings("other"),
        one: { bucket: "lake", role: roles[0], members: owners },
      },
    },
    [
      `test/google_storage_bucket.lake leaves ${roles.slice(1).join(", ")} as Cloud Storage grants them, to the viewers and editors of the project | ` +
        "add a google_storage_bucket_iam_binding of each with the owners of the project as its only member",
    ],
  ],
];

test.each(broken)("noBasicRoles finds %s", (_, resources, expected) => {
  expect(said(noBasicRoles(), resources)).toEqual(expected);
});

test("noBasicRoles accepts roles/browser, a dataset with an owner, and a bucket of its owners", () => {
  const resources: Resources = {
    google_project_iam_member: { browser: { role: "roles/browser", member } },
    google_bigquery_dataset: { raw: { access: [{ role: "OWNER", special_group: "projectOwners" }] } },
    google_storage_bucket: { lake: { name: "lake" } },
    // By reference, as constructs write it.
    google_storage_bucket_iam_binding: bindings("${google_storage_bucket.lake.name}"),
  };
  expect(said(noBasicRoles(), resources)).toEqual([]);
});
