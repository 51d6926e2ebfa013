import { columnsIn } from "../../diff/columns";
import { arrayOf, isObject, type Json, type JsonObject, textOf } from "../../json";
import { lifecycle, shorterRetention } from "./expiry";
import { outage } from "./outage";
import type { InPlace } from "./effect";

/** The effect of an in-place update on data and availability; undefined if there is none. */
export function inPlace(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  return (
    droppedColumns(type, before, after) ??
    lifecycle(type, before, after) ??
    shorterRetention(type, before, after) ??
    outage(type, before, after)
  );
}

function droppedColumns(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  if (type !== "google_bigquery_table") return undefined;
  const external =
    arrayOf(before["external_data_configuration"]).length > 0 || arrayOf(before["view"]).length > 0;
  if (!mayDropColumns(before["schema"], after["schema"])) return undefined;
  const kept = new Set(columnNames(columnsIn(after["schema"]) ?? []));
  if (external || kept.size === 0) return undefined;
  const dropped = columnNames(columnsIn(before["schema"]) ?? []).filter((name) => !kept.has(name));
  if (dropped.length === 0) return undefined;
  return {
    class: "lost",
    reason: `the values of ${dropped.length === 1 ? "column" : "columns"} ${dropped.join(", ")} are deleted`,
    wayBack: "backfill from the lake",
  };
}

/** Names of columns, with those of nested ones: `address`, `address.city`. BigQuery ignores their case. */
function columnNames(columns: readonly JsonObject[], prefix = ""): string[] {
  return columns.flatMap((column) => {
    const name = prefix + (textOf(column["name"]) ?? "").toLowerCase();
    return [name, ...columnNames(arrayOf(column["fields"]).filter(isObject), `${name}.`)];
  });
}

/** Most schemas do not change, or get columns at their end, so that parsing is not required. */
function mayDropColumns(before: Json | undefined, after: Json | undefined): boolean {
  if (before === after || typeof before !== "string" || typeof after !== "string") return before !== after;
  return !after.startsWith(before.slice(0, before.lastIndexOf("]")));
}
