import { columnsIn } from "../diff/columns";
import { isEmpty } from "../diff/equal";
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from "../json";
import type { ProtectionChange } from "../report/assessment";
import { referenceOf, type Row } from "./rows";

/** Columns that are no longer protected by a policy tag. */
export function untagged(row: Row): ProtectionChange[] {
  const { before, after } = row;
  if (row.resource.type !== "google_bigquery_table" || row.action !== "update") return [];
  if (before["schema"] === after["schema"] || textOf(before["schema"])?.includes("policyTags") !== true)
    return [];
  const tagged = (values: JsonObject) => new Set(tagsIn(columnsIn(values["schema"]) ?? []));
  const kept = tagged(after);
  const names = columnNames(columnsIn(after["schema"]) ?? []);
  const lost = [...tagged(before)].filter((name) => !kept.has(name) && names.includes(name));
  return lost.length === 0
    ? []
    : [{ ...referenceOf(row), kind: "weakened", what: `policy tag of ${lost.join(", ")} removed` }];
}

function tagsIn(columns: readonly JsonObject[], prefix = ""): string[] {
  return columns.flatMap((column) => {
    const name = prefix + (textOf(column["name"]) ?? "");
    const nested = tagsIn(arrayOf(column["fields"]).filter(isObject), `${name}.`);
    return !hasNames(column) ? nested : [name, ...nested];
  });
}

function hasNames(column: JsonObject): boolean {
  const names = objectOf(column["policyTags"])["names"];
  return !isEmpty(names);
}

function columnNames(columns: readonly JsonObject[], prefix = ""): string[] {
  return columns.flatMap((column) => {
    const name = prefix + (textOf(column["name"]) ?? "");
    return [name, ...columnNames(arrayOf(column["fields"]).filter(isObject), `${name}.`)];
  });
}
