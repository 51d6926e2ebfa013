import { textOf } from "../../json";
import type { Obstacle } from "../../report/assessment";
import { isEveryone } from "../access/broadening";
import { grantsOf } from "../access/grants";
import { isGrant, lastSegment } from "../identity";
import { referenceOf, type Row } from "../rows";

/** Public grants on buckets with enforced public access prevention, which the cloud rejects. */
export function refusedPublicGrants(changed: readonly Row[], rows: readonly Row[]): Obstacle[] {
  const enforced = new Set(
    rows.flatMap((row) => {
      const { type, after } = row.resource;
      if (type !== "google_storage_bucket" || row.action === "delete") return [];
      const values = after === null ? row.before : row.after;
      return values["public_access_prevention"] === "enforced" ? (textOf(values["name"]) ?? []) : [];
    }),
  );
  return changed.flatMap((row): Obstacle[] => {
    if (!isGrant(row.resource.type)) return [];
    const bucket = lastSegment(textOf(row.after["bucket"]));
    if (bucket === undefined || !enforced.has(bucket)) return [];
    const everyone = grantsOf(row.resource.type, row.after).find(({ who }) => isEveryone(who));
    if (everyone === undefined) return [];
    return [
      {
        ...referenceOf(row),
        certainty: "certain",
        reason: `${everyone.who} is rejected with 412: public access prevention is enforced on bucket ${bucket}`,
        remedy: "grant the role to specific identities",
      },
    ];
  });
}
