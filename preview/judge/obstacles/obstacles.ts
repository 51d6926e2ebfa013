import type { Masks } from "../../mask/masks";
import type { Obstacle } from "../../report/assessment";
import type { RenamedConstruct } from "../renames";
import type { Row } from "../rows";
import { leftWithout } from "./dependents";
import { duplicateNames } from "./duplicates";
import { takenNames } from "./names";
import { protectedDeletions } from "./protected";
import { refusedPublicGrants } from "./public";
import { addedRequiredColumns } from "./schemas";

/** Reasons why the apply will or may fail, certain ones first. */
export function obstaclesOf(
  changed: readonly Row[],
  rows: readonly Row[],
  renames: readonly RenamedConstruct[],
  masks: Masks,
): Obstacle[] {
  return [
    ...protectedDeletions(changed, rows),
    ...takenNames(changed, renames),
    ...duplicateNames(changed, rows),
    ...addedRequiredColumns(changed),
    ...refusedPublicGrants(changed, rows),
    ...leftWithout(changed, rows),
  ]
    .map((obstacle) => ({
      ...obstacle,
      reason: masks.message(obstacle.reason),
      remedy: masks.message(obstacle.remedy),
    }))
    .sort((one, other) => Number(other.certainty === "certain") - Number(one.certainty === "certain"));
}
