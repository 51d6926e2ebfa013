import type { Finding, Platform } from "./platform";
import { textAt } from "./values";

/** Roles no workload holds on a whole project. */
const tooMuch = /[Aa]dmin$|\.(serviceAccountUser|serviceAccountTokenCreator)$/;

/** Grants are additive, and small: no owner, no editor, nothing on the project that ends in Admin. */
export function smallRoles({ resources }: Platform): Finding[] {
  return resources.flatMap(({ type, path, values }) => {
    if (/_iam_(binding|policy)$/.test(type)) {
      return [
        {
          path,
          found: `is a ${type}, which takes away every grant it does not name`,
          fix: "use the member form, or the grant methods of the construct",
        },
      ];
    }
    const role = textAt(values, "role") ?? "";
    if (/^roles\/(owner|editor)$/.test(role)) {
      return [
        {
          path,
          found: `grants ${role}`,
          fix: "grant the roles that are needed, on the resources they are for",
        },
      ];
    }
    if (type === "google_project_iam_member" && tooMuch.test(role)) {
      return [
        {
          path,
          found: `grants ${role} on the whole project`,
          fix: "grant it on the resource, or a role that does less",
        },
      ];
    }
    return [];
  });
}
