import { columnsIn } from "../../diff/columns";
import { isEmpty } from "../../diff/equal";
import { textOf } from "../../json";
import type { Obstacle } from "../../report/assessment";
import { referenceOf, type Row } from "../rows";

/** Required columns that are added to existing tables, which BigQuery rejects. */
export function addedRequiredColumns(changed: readonly Row[]): Obstacle[] {
  return changed.flatMap((row): Obstacle[] => {
    const { before, after } = row;
    if (row.resource.type !== "google_bigquery_table" || row.action !== "update") return [];
    if (before["schema"] === after["schema"] || !isEmpty(after["external_data_configuration"])) return [];
    // Searching is faster than parsing thousands of schemas.
    if (textOf(after["schema"])?.includes("REQUIRED") === false) return [];
    const known = new Set(columnsIn(before["schema"])?.map(({ name }) => textOf(name)?.toLowerCase()));
    const required = (columnsIn(after["schema"]) ?? []).flatMap(({ name, mode }) => {
      const column = textOf(name) ?? "";
      return mode === "REQUIRED" && !known.has(column.toLowerCase()) ? [column] : [];
    });
    if (known.size === 0 || required.length === 0) return [];
    return [
      {
        ...referenceOf(row),
        certainty: "certain",
        reason: `BigQuery does not add required columns to an existing table: ${required.join(", ")}`,
        remedy: "make the columns nullable",
      },
    ];
  });
}
