import { allowances } from "../aws-policies";
import type { Finding, Rule } from "../rule";
import type { Resource, Values } from "../synthesis";
import { at, blocksAt, textAt, textsAt } from "../values";
import { isBasicRole, isConvenienceRole } from "./no-basic-roles";

/**
 * Grants are additive and as small as possible: no administrator role on a whole project, no permission that leads to
 * every other one.
 */
export function smallRoles(): Rule {
  return ({ resources }): Finding[] =>
    resources.flatMap((resource) => [
      ...exclusive(resource),
      ...broad(resource),
      ...broadOnAws(resource),
      ...impersonating(resource),
      ...grantingAll(resource, resources),
    ]);
}

/**
 * Resources that set the whole list of grants, and remove the others. A dataset may set its first list, and a binding may
 * leave a role to the owners of the project.
 */
function exclusive({ type, path, values }: Resource): Finding[] {
  const onlyFirst = textsAt(values, "lifecycle.ignore_changes").includes("access");
  const found = /^google_.*_iam_(binding|policy)$/.test(type)
    ? leavesToOwners(type, values)
      ? undefined
      : `is a ${type}, which removes every grant that it does not list`
    : type === "google_bigquery_dataset" && blocksAt(values, "access").length > 0 && !onlyFirst
      ? "has access blocks, which remove every grant that they do not list"
      : undefined;
  const fix = "use the _iam_member resource, or the grant methods of the construct";
  return found === undefined ? [] : [{ path, found, fix }];
}

function leavesToOwners(type: string, values: Values): boolean {
  const members = textsAt(values, "members");
  return (
    type === "google_storage_bucket_iam_binding" &&
    isConvenienceRole(textAt(values, "role") ?? "") &&
    members.length > 0 &&
    members.every((member) => member.startsWith("projectOwner:"))
  );
}

/** Roles that give away a project on which they are granted: all of it, a whole service, or its service accounts. */
const broadRole =
  /admin|owner$|^roles\/editor$|\.(serviceAccount\w*(User|TokenCreator)|workloadIdentityUser)$/i;

function broad({ type, path, values }: Resource): Finding[] {
  const role = textAt(values, "role") ?? "";
  if (isBasicRole(role)) return [];
  const level = /^google_(project|folder|organization)_iam_member$/.exec(type)?.[1];
  if (level === undefined || !broadRole.test(role)) return [];
  const fix = "grant it on the resource, or grant a role with fewer permissions";
  return [{ path, found: `grants ${role} on the whole ${level}`, fix }];
}

/** Every action of a service, or every action. */
function broadOnAws(resource: Resource): Finding[] {
  const fix = "list the actions that are needed";
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
  /^iam\.(serviceAccountKeys\.create|serviceAccounts\.(actAs|get\w+Token|implicitDelegation|setIamPolicy|sign\w+))$/;

/** A custom role applies to a whole project. With these permissions its members can become every account there. */
function impersonating({ type, path, values }: Resource): Finding[] {
  if (!customRoles.includes(type)) return [];
  return textsAt(values, "permissions")
    .filter((permission) => impersonation.test(permission))
    .map((permission) => ({
      path,
      found: `contains ${permission}, which allows acting as any service account of the project`,
      fix: "grant roles/iam.serviceAccountUser on the service accounts that need it",
    }));
}

/** Whoever can set the IAM policy of a project can become its owner, unless a condition limits the roles. */
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
  const fix = "add a condition that lists the roles that may be granted";
  return [{ path, found: `grants ${role} without a condition, and with it every other role`, fix }];
}
