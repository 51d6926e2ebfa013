import type { Grant } from "./grants";

/** Why a new grant makes access broader than a platform should have without a second look; undefined for ordinary ones. */
export function broadening(grant: Grant, inside: boolean): string | undefined {
  const { who, role } = grant;
  if (isEveryone(who))
    return isPublic(who) ? "public: everybody on the internet" : "everybody with a Google account";
  if (who === "*") return grant.condition === undefined ? "public: every principal" : undefined;
  if (isWholePool(who) && /workloadIdentityUser|TokenCreator/.test(role))
    return "every identity of the pool may use it";
  const reason = dangerousRoles[role] ?? (isEverything(grant) ? "every action on every resource" : undefined);
  // What a plan gives its own accounts on its own things is how a platform is made.
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

/** Roles with which one can give oneself any other. */
const dangerousRoles: Readonly<Record<string, string>> = {
  "roles/owner": "owner: everything, grants included",
  "roles/editor": "editor: changes nearly everything",
  "roles/iam.serviceAccountTokenCreator": "can act as service accounts by their tokens",
  "roles/iam.serviceAccountUser": "can act as service accounts",
  "roles/iam.serviceAccountKeyAdmin": "can make keys of service accounts",
  "roles/iam.serviceAccountAdmin": "can give access to service accounts",
  "roles/iam.workloadIdentityPoolAdmin": "can let other identities in",
  "roles/iam.securityAdmin": "can give any role",
  "roles/iam.organizationRoleAdmin": "can widen custom roles",
  "roles/iam.roleAdmin": "can widen custom roles",
  "roles/resourcemanager.projectIamAdmin": "can give any role in the project",
  "roles/resourcemanager.folderIamAdmin": "can give any role in the folder",
  "roles/resourcemanager.organizationAdmin": "can give any role in the organization",
  "roles/resourcemanager.folderAdmin": "can give any role in the folder",
};
