import { textOf } from "../json";
import type { WayBack } from "./loss/classify";
import { type Row, valuesOf } from "./rows";

/** The command that backfills a table, if the plans contain the backfill workflow. */
export function wayBackIn(rows: readonly Row[]): WayBack {
  const workflow = rows.find(
    (row) =>
      row.resource.type === "google_workflows_workflow" &&
      /(?:^|-)backfill$/.test(textOf(valuesOf(row)["name"]) ?? ""),
  );
  if (workflow === undefined) return () => undefined;
  const { name, region } = valuesOf(workflow);
  return (type, table) =>
    type === "google_bigquery_table" && table !== undefined
      ? `backfill from the lake: gcloud workflows run ${textOf(name) ?? ""} --location=${textOf(region) ?? ""} ` +
        `--data='{"datasets": ["${table.split(".").at(-1) ?? table}"], "from": "<first period>", "to": "<last period>"}'`
      : undefined;
}
