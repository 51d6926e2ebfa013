import type { SpecColumn } from "./dataset";
import type { Grain } from "./period";

/** The column that the platform adds to every data set that has periods: the first day of the row's period. */
export const periodColumn = {
  name: "_period",
  type: "DATE",
  mode: "REQUIRED",
  description: "First day of the period whose file contained this row. Added by the platform.",
  aliases: [],
  optional: false,
} as const satisfies SpecColumn;

/** The columns of the data set's tables and Parquet files, in order. */
export function tableColumns(spec: {
  readonly grain: Grain;
  readonly columns: readonly SpecColumn[];
}): readonly SpecColumn[] {
  return spec.grain === "once" ? spec.columns : [...spec.columns, periodColumn];
}
