import { isTooBroad } from "../../constructs/service-identity";
import { allowances } from "./aws-policies";
import type { Finding, Platform, Resource } from "./platform";
import { at, blocksAt, textAt, textsAt } from "./values";

/** Grants are additive, and small: no owner, no editor, nothing on the project that ends in Admin. */
export function smallRoles({ resources }: Platform): Finding[] {
  return resources.flatMap((resource) => [
    ...exclusive(resource),
    ...broad(resource),
    ...broadOnAws(resource),
    ...impersonating(resource),
    ...grantingAll(resource, resources),
  ]);
}

/** What says who may do something, and thereby takes it from everyone else. */
function exclusive({ type, path, values }: Resource): Finding[] {
  const found = /_iam_(binding|policy)$/.test(type)
    ? `is a ${type}, which takes away every grant it does not name`
    : type === "google_bigquery_dataset" && blocksAt(values, "access").length > 0
      ? "has access blocks, which take away every grant they do not name"
      : undefined;
  const fix = "use the member form, or the grant methods of the construct";
  return found === undefined ? [] : [{ path, found, fix }];
}

function broad({ type, path, values }: Resource): Finding[] {
  const role = textAt(values, "role") ?? "";
  if (/^roles\/(owner|editor)$/.test(role)) {
    const fix = "grant the roles that are needed, on the resources they are for";
    return [{ path, found: `grants ${role}`, fix }];
  }
  const level = /^google_(project|folder|organization)_iam_member$/.exec(type)?.[1];
  if (level === undefined || !isTooBroad(role)) return [];
  const fix = "grant it on the resource, or a role that does less";
  return [{ path, found: `grants ${role} on the whole ${level}`, fix }];
}

/** Everything of a service, or everything. */
function broadOnAws(resource: Resource): Finding[] {
  const fix = "name the actions that are needed, as AwsTransferRole does";
  const attached = /\/\w*(Administrator|PowerUser|Full)Access$/.exec(
    textAt(resource.values, "policy_arn") ?? "",
  );
  return [
    ...allowances(resource).flatMap(({ actions }) => actions.filter((action) => /^(\w+:)?\*$/.test(action))),
    ...(attached ? [attached[0].slice(1)] : []),
  ].map((allowed) => ({ path: resource.path, found: `allows ${allowed}`, fix }));
}

const customRoles = ["google_project_iam_custom_role", "google_organization_iam_custom_role"];
const impersonation =
  /^iam\.(serviceAccountKeys\.create|serviceAccounts\.(actAs|get\w+Token|implicitDelegation|sign\w+))$/;

/** A custom role is held on a project; these permissions make its holder every account there. */
function impersonating({ type, path, values }: Resource): Finding[] {
  if (!customRoles.includes(type)) return [];
  return textsAt(values, "permissions")
    .filter((permission) => impersonation.test(permission))
    .map((permission) => ({
      path,
      found: `holds ${permission}, with which one acts as any account of the project`,
      fix: "grant roles/iam.serviceAccountUser on the accounts it is for (grantActAs)",
    }));
}

/** Who may set a project's policy may become its owner, unless a condition names the roles. */
function grantingAll({ type, path, values }: Resource, resources: readonly Resource[]): Finding[] {
  if (type !== "google_project_iam_member" || at(values, "condition") !== undefined) return [];
  const role = textAt(values, "role") ?? "";
  const id = /\/roles\/(\w+)$/.exec(role)?.[1];
  const granting = resources.some(
    (other) =>
      customRoles.includes(other.type) &&
      textAt(other.values, "role_id") === id &&
      textsAt(other.values, "permissions").includes("resourcemanager.projects.setIamPolicy"),
  );
  if (!granting) return [];
  const fix = "name the roles that may be given in a condition, as CiIdentity does";
  return [{ path, found: `grants ${role} without a condition, and with it every other role`, fix }];
}
