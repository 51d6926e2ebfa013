import { withoutIndex } from "../../plan/stack-plan";
import type { Obstacle } from "../../report/assessment";
import { isDeleted, referenceOf, type Row } from "../rows";

/** Deleted resources that kept resources depend on. */
export function leftWithout(changed: readonly Row[], rows: readonly Row[]): Obstacle[] {
  const users = new Map<string, Row[]>();
  for (const row of rows) {
    if (isDeleted(row) || row.action === "forget" || row.resource.after === null) continue;
    for (const on of row.plan.references.get(withoutIndex(row.address)) ?? []) {
      const key = `${row.stack}/${on}`;
      const others = users.get(key);
      if (others === undefined) users.set(key, [row]);
      else others.push(row);
    }
  }
  return changed.flatMap((row): Obstacle[] => {
    if (row.action !== "delete" || row.deposed !== undefined || row.address !== withoutIndex(row.address))
      return [];
    const left = users.get(`${row.stack}/${row.address}`) ?? [];
    const [first] = left;
    if (first === undefined) return [];
    const others = left.length > 1 ? ` and ${left.length - 1} more` : "";
    return [
      {
        ...referenceOf(row),
        certainty: "possible",
        reason: `${first.address}${others} depended on it at the last apply and is kept`,
        remedy: "delete the dependents as well, or keep this resource",
      },
    ];
  });
}
