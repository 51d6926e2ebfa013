import { type JsonObject, WrittenNumber } from "../../json";
import type { LossClass } from "../../report/changes";
import { cloudName } from "../identity";
import { isDeleted, type Row } from "../rows";
import type { Holding } from "./held-data";
import { holdingOf, isAbandoned, mayHold } from "./holdings";
import { isRule } from "./cleanup";
import { inPlace } from "./in-place";
import { outageWithout } from "./outage";

export interface Classified {
  readonly class: LossClass;
  readonly reason: string;
  readonly wayBack?: string;
}

/** Determines the effect of a change on the data of a resource. */
export function classify(row: Row, wayBackOf: WayBack): Classified {
  const { type } = row.resource;
  if (row.action === "update")
    return inPlace(type, row.before, row.after) ?? { class: "none", reason: "in place" };
  if (row.action === "create" && isRule(type))
    return inPlace(type, {}, row.after) ?? { class: "none", reason: "" };
  if (row.action === "forget")
    return {
      class: "forgotten",
      reason: "no longer managed by Terraform; the resource and its data are kept",
    };
  if (!isDeleted(row)) return { class: "none", reason: "" };
  const again = row.action === "replace" ? "; the new resource is empty" : "";
  if (row.action === "delete" && isAbandoned(row.before))
    return { class: "recreated", reason: "kept in the cloud by its deletion policy, no longer managed" };
  if (type === "google_project_service" && row.before["disable_on_destroy"] === true)
    return { class: "outage", reason: "the API is disabled; everything that uses it stops working" };
  const holding = holdingOf(type, row.before);
  if (holding !== undefined)
    return {
      class: "lost",
      reason: `${amountOf(holding, row.before)} deleted${again}${row.deposed === undefined ? "" : " (remains from an interrupted replacement)"}`,
      ...wayBack(holding, type, row.before, wayBackOf),
    };
  const outage = outageWithout(type, row.action === "replace");
  if (outage !== undefined) return { class: "outage", reason: outage };
  return {
    class: "recreated",
    reason:
      (row.action === "replace" ? "deleted and recreated" : "deleted") +
      (mayHold(type) ? "; it may contain data" : "; contains no data"),
  };
}

/** How to recover the data of a resource with the platform itself; undefined if not possible. */
export type WayBack = (type: string, name: string | undefined) => string | undefined;

export function wayBack(
  holding: Holding,
  type: string,
  values: JsonObject,
  wayBackOf: WayBack,
): { wayBack?: string } {
  const way = wayBackOf(type, cloudName(type, values)) ?? holding.wayBack;
  return way === undefined ? {} : { wayBack: way };
}

/** "1,204 rows (2.1 MB) are", if the state contains the numbers. */
export function amountOf({ what }: Holding, values: JsonObject): string {
  const rows = values["num_rows"];
  const bytes = values["num_bytes"];
  if ((typeof rows !== "number" && !(rows instanceof WrittenNumber)) || what !== "rows") return `${what} are`;
  const size = typeof bytes === "number" && bytes > 0 ? ` (${bytesText(bytes)})` : "";
  return rows === 1 ? `1 row${size} is` : `${Number(String(rows)).toLocaleString("en-US")} rows${size} are`;
}

function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power] ?? ""}`;
}
