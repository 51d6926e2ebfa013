import { columnsIn } from "../../diff/columns";
import { arrayOf, isObject, type Json, type JsonObject, textOf } from "../../json";
import { cleanup } from "./cleanup";
import { lifecycle, shorterRetention } from "./expiry";
import { outage } from "./outage";
import type { InPlace } from "./effect";

/** The effect of an in-place update on data and availability; undefined if there is none. */
export function inPlace(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  return (
    droppedColumns(type, before, after) ??
    droppedParts(type, before, after) ??
    lifecycle(type, before, after) ??
    shorterRetention(type, before, after) ??
    cleanup(type, before, after) ??
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

/** Column families and tables that an update drops, with their data. */
function droppedParts(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  if (type === "google_bigtable_table") {
    const families = (values: JsonObject) =>
      arrayOf(values["column_family"])
        .filter(isObject)
        .flatMap(({ family }) => textOf(family) ?? []);
    const kept = families(after);
    const dropped = families(before).filter((name) => !kept.includes(name));
    return dropped.length === 0
      ? undefined
      : {
          class: "lost",
          reason: `the cells of column ${dropped.length === 1 ? "family" : "families"} ${dropped.join(", ")} are deleted`,
          wayBack: "restore from a backup",
        };
  }
  if (type !== "google_spanner_database") return undefined;
  const known = arrayOf(before["ddl"]);
  const drops = arrayOf(after["ddl"]).flatMap((statement, at) =>
    known[at] === statement
      ? []
      : (/^\s*(?:DROP\s+TABLE|ALTER\s+TABLE\s+\S+\s+DROP\s+COLUMN)\s+.*/is.exec(textOf(statement) ?? "") ??
        []),
  );
  return drops.length === 0
    ? undefined
    : { class: "lost", reason: `data is deleted by ${drops.join("; ")}`, wayBack: "restore from a backup" };
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
