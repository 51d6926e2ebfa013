import type { SpecColumn, SpecSource } from "./dataset";
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

const hourColumn = {
  ...periodColumn,
  type: "DATETIME",
  description: "Hour whose file contained this row, in UTC. Added by the platform.",
} as const satisfies SpecColumn;

/** The column that the platform adds if `source.extra` is `json`. */
export const extraColumn = {
  name: "_extra",
  type: "STRING",
  mode: "NULLABLE",
  description:
    "Values of the row that are not in the specification, as a JSON object. Added by the platform.",
  aliases: [],
  optional: false,
} as const satisfies SpecColumn;

/** The columns of the data set's tables and Parquet files, in order. */
export function tableColumns(spec: {
  readonly grain: Grain;
  readonly columns: readonly SpecColumn[];
  readonly source: Pick<SpecSource, "extra">;
}): readonly SpecColumn[] {
  return [
    ...spec.columns,
    ...(spec.source.extra === "json" ? [extraColumn] : []),
    ...(spec.grain === "once" ? [] : [periodColumnOf(spec.grain)]),
  ];
}

/** The column `_period` of data sets with a grain: a DATE, or a DATETIME if periods are hours. */
export function periodColumnOf(grain: Exclude<Grain, "once">): SpecColumn {
  return grain === "hour" ? hourColumn : periodColumn;
}
