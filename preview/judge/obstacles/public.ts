import { textOf } from "../../json";
import type { Obstacle } from "../../report";
import { isEveryone } from "../access/broadening";
import { grantsOf } from "../access/grants";
import { lastSegment } from "../identity";
import { referenceOf, type Row } from "../rows";

/** Grants to everybody on buckets that enforce public access prevention: the cloud refuses them. */
export function refusedPublicGrants(changed: readonly Row[], rows: readonly Row[]): Obstacle[] {
  const enforced = new Set(
    rows.flatMap(({ action, resource: { type, before, after }, ...row }) => {
      if (type !== "google_storage_bucket" || action === "delete" || (before === null && after === null))
        return [];
      const values = after === null ? row.before : row.after;
      return values["public_access_prevention"] === "enforced" ? (textOf(values["name"]) ?? []) : [];
    }),
  );
  return changed.flatMap((row): Obstacle[] => {
    const bucket = lastSegment(textOf(row.after["bucket"]));
    if (bucket === undefined || !enforced.has(bucket)) return [];
    const everyone = grantsOf(row.resource.type, row.after).find(({ who }) => isEveryone(who));
    if (everyone === undefined) return [];
    return [
      {
        ...referenceOf(row),
        certainty: "certain",
        reason: `${everyone.who} is refused with 412: public access prevention is enforced on bucket ${bucket}`,
        remedy: "grant the role to whom it is meant for",
      },
    ];
  });
}
