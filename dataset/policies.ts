import type { SpecShape } from "./shape";

/**
 * Whether a policy tag is the name of a resource, which BigQuery accepts, and not a name in `policyTags` of an
 * environment.
 */
export function isPolicyTagResource(policyTag: string): boolean {
  return policyTagResource.test(policyTag);
}

/** The region of a policy tag; undefined if it is not the name of a resource. */
export function policyTagLocation(policyTag: string): string | undefined {
  return policyTagResource.exec(policyTag)?.[1];
}

const policyTagResource = /^projects\/[^/]+\/locations\/([^/]+)\/taxonomies\/[^/]+\/policyTags\/[^/]+$/;
export const policyTagForm = "projects/<project>/locations/<region>/taxonomies/<id>/policyTags/<id>";

/** Names of policy tags in an environment. */
export const policyTagName = /^[a-z][a-z0-9_]{0,62}$/;

export function policyTagFaults({ columns }: SpecShape): string[] {
  return columns.flatMap(({ name, policyTag }) =>
    policyTag === undefined || policyTagName.test(policyTag) || isPolicyTagResource(policyTag)
      ? []
      : [
          `columns.${name}.policyTag: "${policyTag}" must be a name in policyTags of the environment (lowercase letters, ` +
            `digits and underscores), or ${policyTagForm}`,
        ],
  );
}

/** BigQuery accepts this many row access policies on a table. One is the platform's. */
const maxPolicies = 399;

/** The policy with which the platform's own accounts read all rows. */
export const platformPolicy = "tributary_platform";

export function rowAccessFaults({ rowAccess }: SpecShape): string[] {
  if (rowAccess === undefined) return [];
  const names = rowAccess.map(({ name }) => name.toLowerCase());
  const faults = rowAccess.flatMap(({ name, filter, grantees }, index) => {
    const field = `rowAccess.${name}`;
    return [
      ...(/^\w{1,256}$/.test(name)
        ? []
        : [`${field}: must contain only letters, digits and underscores, at most 256`]),
      ...(names.indexOf(name.toLowerCase()) < index ? [`${field}: is defined twice`] : []),
      ...(name.toLowerCase() === platformPolicy
        ? [`${field}: is a reserved name; the platform adds this policy`]
        : []),
      ...(filter.trim() === "" ? [`${field}.filter: must not be empty; a policy for all rows is TRUE`] : []),
      ...(grantees.length === 0 ? [`${field}.grantees: must not be empty`] : []),
      ...grantees
        .filter((grantee) => !granteeForm.test(grantee))
        .map(
          (grantee) =>
            `${field}.grantees: "${grantee}" must be group:<email>, user:<email>, serviceAccount:<email> or domain:<domain>`,
        ),
    ];
  });
  return [
    ...(rowAccess.length === 0 ? ["rowAccess: must not be empty; remove it, or add a policy"] : []),
    ...(rowAccess.length > maxPolicies
      ? [`rowAccess: ${rowAccess.length} policies are more than the ${maxPolicies} that are possible`]
      : []),
    ...faults,
  ];
}

/** Not allUsers or allAuthenticatedUsers: nothing is open to everyone. */
const granteeForm = /^((group|user|serviceAccount):[^@\s:]+@[^@\s:]+|domain:[^@\s:]+\.[^@\s:]+)$/;
