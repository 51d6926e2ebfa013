import type { DatasetSpec } from "../../dataset";

/** How many rows of a period may be rejected. */
export function rejectLimit({ badRows }: Pick<DatasetSpec, "badRows">): number {
  return badRows.action === "reject" ? badRows.limit : 0;
}
