import type { Finding, Rule } from "../rule";
import type { Resource } from "../synthesis";
import { blocksAt, everyText, textAt } from "../values";

/**
 * Nobody has a basic role, and no resource gives access to those who have one. `roles/viewer` is one of them: Cloud
 * Storage and BigQuery give the viewers of a project access to the data of each new bucket and dataset, which no JSON
 * shows.
 */
export function noBasicRoles(): Rule {
  return ({ resources }): Finding[] =>
    resources.flatMap((resource) => [
      ...basicRoles(resource),
      ...convenience(resource),
      ...byDefaultOfBigQuery(resource),
      ...byDefaultOfStorage(resource, resources),
    ]);
}

/** Whether a role is `roles/owner`, `roles/editor` or `roles/viewer`. */
export function isBasicRole(role: string): boolean {
  return /^roles\/(owner|editor|viewer)$/.test(role);
}

/** The roles that Cloud Storage grants on each new bucket: to the owners, editors and viewers of its project. */
const convenienceRoles = ["BucketOwner", "BucketReader", "ObjectOwner", "ObjectReader"].map(
  (name) => `roles/storage.legacy${name}`,
);

export function isConvenienceRole(role: string): boolean {
  return convenienceRoles.includes(role);
}

function basicRoles({ path, values }: Resource): Finding[] {
  const role = textAt(values, "role") ?? "";
  const fix =
    "grant the roles that are needed, on the resources that they are for; to see a project, roles/browser is enough";
  return isBasicRole(role) ? [{ path, found: `grants ${role}`, fix }] : [];
}

/** Members that stand for all who have a basic role. */
function convenience({ path, values }: Resource): Finding[] {
  return everyText(values)
    .filter(({ text }) => /^(project(Viewer|Editor):|project(Readers|Writers)$)/.test(text))
    .map(({ text, within }) => ({
      path,
      found: `grants ${textAt(within, "role") ?? textAt(values, "role") ?? "a role"} to ${text}, all who have a basic role`,
      fix: "grant it to a service account or a group",
    }));
}

function byDefaultOfBigQuery({ type, path, values }: Resource): Finding[] {
  if (type !== "google_bigquery_dataset" || blocksAt(values, "access").length > 0) return [];
  return [
    {
      path,
      found:
        "has no access block, so BigQuery lets the viewers of the project read it and the editors write it",
      fix: "set access to an owner, and ignore changes of it, since grants are entries of the same list",
    },
  ];
}

function byDefaultOfStorage({ type, path, values }: Resource, resources: readonly Resource[]): Finding[] {
  if (type !== "google_storage_bucket") return [];
  const name = textAt(values, "name");
  const held = resources
    .filter(
      (one) => one.type === "google_storage_bucket_iam_binding" && textAt(one.values, "bucket") === name,
    )
    .map((one) => textAt(one.values, "role"));
  const open = convenienceRoles.filter((role) => !held.includes(role));
  if (open.length === 0) return [];
  return [
    {
      path,
      found: `leaves ${open.join(", ")} as Cloud Storage grants them, to the viewers and editors of the project`,
      fix: "add a google_storage_bucket_iam_binding of each with the owners of the project as its only member",
    },
  ];
}
