import type { Grant } from "./grants";
import { lookup } from "../../lookup";

/** Why a new grant requires approval; undefined for ordinary grants. */
export function broadening(grant: Grant, inside: boolean): string | undefined {
  const { who, role } = grant;
  if (isEveryone(who))
    return isPublic(who) ? "public: anyone on the internet" : "anyone with a Google account";
  if (who === "*") return grant.condition === undefined ? "public: any principal" : undefined;
  if (isWholePool(who)) return "any identity of the pool";
  const reason = dangerousRoles(role) ?? (isEverything(grant) ? "every action on every resource" : undefined);
  // Grants to the app's own identities on its own resources are part of every platform.
  return inside ? undefined : reason;
}

export function isEveryone(who: string): boolean {
  return /^(?:allUsers|allAuthenticatedUsers|group-?:?(?:allUsers|allAuthenticatedUsers))$/i.test(who);
}

function isPublic(who: string): boolean {
  return /allUsers$/i.test(who);
}

/** `principalSet://…/workloadIdentityPools/pool/*`: no attribute narrows it. */
function isWholePool(who: string): boolean {
  return /^principalSet:\/\/.*\/\*$/.test(who);
}

function isEverything({ role, on, who }: Grant): boolean {
  return role.split(", ").includes("*") && (on.endsWith(": *") || !who.startsWith("Service:"));
}

/** Roles that allow privilege escalation. */
const dangerousRoles = lookup<string>({
  "roles/admin": "admin: full control, including grants",
  "roles/writer": "writer: can change almost all resources",
  AdministratorAccess: "administrator: full control, including grants",
  PowerUserAccess: "power user: can change almost all resources",
  IAMFullAccess: "can grant any permission",
  "roles/owner": "owner: full control, including grants",
  "roles/editor": "editor: can change almost all resources",
  "roles/iam.serviceAccountTokenCreator": "can impersonate service accounts with tokens",
  "roles/iam.serviceAccountOpenIdTokenCreator": "can impersonate service accounts with tokens",
  "roles/iam.workloadIdentityUser": "can impersonate service accounts with tokens",
  "roles/iam.denyAdmin": "can remove deny policies",
  "roles/iam.principalAccessBoundaryAdmin": "can remove access boundaries",
  "roles/orgpolicy.policyAdmin": "can disable organization policies",
  "roles/accesscontextmanager.policyAdmin": "can open service perimeters",
  "roles/iam.serviceAccountUser": "can run code as service accounts",
  "roles/iam.serviceAccountKeyAdmin": "can create service account keys",
  "roles/iam.serviceAccountAdmin": "can grant access to service accounts",
  "roles/iam.workloadIdentityPoolAdmin": "can trust additional external identities",
  "roles/iam.securityAdmin": "can grant any role",
  "roles/iam.organizationRoleAdmin": "can extend custom roles",
  "roles/iam.roleAdmin": "can extend custom roles",
  "roles/resourcemanager.projectIamAdmin": "can grant any role in the project",
  "roles/resourcemanager.folderIamAdmin": "can grant any role in the folder",
  "roles/resourcemanager.organizationAdmin": "can grant any role in the organization",
  "roles/resourcemanager.folderAdmin": "can grant any role in the folder",
});
