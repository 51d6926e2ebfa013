/** Finds the period of a file in its address. */
import { type PeriodicGrain, Period } from "../../dataset";

/** What the name of a file says about its period. */
export interface NamedPeriod {
  readonly grain: PeriodicGrain;
  readonly period: Period;
  /** The address with placeholders in place of the period. */
  readonly template: string;
  /** The name of the file without the period. */
  readonly rest: string;
}

const year = "(?<year>(?:19|20)\\d{2})";
const month = "(?<month>0[1-9]|1[0-2])";
const day = "(?<day>0[1-9]|[12]\\d|3[01])";
/** What may be between the parts. */
const between = "(?<s>[-_.]?)";

/** Forms of a period in a name, the longest first. */
const forms: readonly { readonly grain: PeriodicGrain; readonly pattern: string }[] = [
  { grain: "hour", pattern: `${year}${between}${month}\\k<s>${day}[-_.T]?(?<hour>[01]\\d|2[0-3])` },
  { grain: "day", pattern: `${year}${between}${month}\\k<s>${day}` },
  { grain: "week", pattern: `${year}[-_.]?[Ww](?<week>0[1-9]|[1-4]\\d|5[0-3])` },
  { grain: "quarter", pattern: `${year}[-_.]?[Qq](?<quarter>[1-4])` },
  { grain: "month", pattern: `${year}${between}${month}` },
  { grain: "year", pattern: year },
];

const parts = ["year", "quarter", "month", "week", "day", "hour"] as const;

/** @param address path or URL of a file */
export function periodInName(address: string): NamedPeriod | undefined {
  const path = address.replace(/[?#].*$/s, "");
  const nameStart = path.lastIndexOf("/") + 1;
  for (const { grain, pattern } of forms) {
    const found = new RegExp(`(?<!\\d)${pattern}(?!\\d)`, "d").exec(path.slice(nameStart));
    if (found === null) continue;
    const named = namedPeriod(grain, found, address, nameStart);
    if (named !== undefined) return named;
  }
  return inFolders(address, path);
}

function namedPeriod(
  grain: PeriodicGrain,
  found: RegExpExecArray,
  address: string,
  offset: number,
): NamedPeriod | undefined {
  const { groups = {}, indices } = found;
  const period = periodOf(grain, groups);
  if (period === undefined) return undefined;
  const [text] = found;
  const at = offset + found.index;
  const name = address.slice(offset).replace(/[?#].*$/s, "");
  const rest = name.slice(0, found.index) + name.slice(found.index + text.length);
  if (text === period.label) {
    const template = `${address.slice(0, at)}{period}${address.slice(at + text.length)}`;
    return { grain, period, template, rest };
  }
  let template = address;
  const spans = parts.flatMap((part) => {
    const span = indices?.groups?.[part];
    return span === undefined ? [] : [{ part, from: offset + span[0], to: offset + span[1] }];
  });
  for (const { part, from, to } of spans.sort((a, b) => b.from - a.from))
    template = `${template.slice(0, from)}{${part}}${template.slice(to)}`;
  return { grain, period, template, rest };
}

/** `year=2024/month=03/` or `2024/03/` before the name of the file. */
function inFolders(address: string, path: string): NamedPeriod | undefined {
  const found =
    new RegExp(`/(?:year=)?${year}/(?:month=)?${month}(?:/(?:day=)?${day})?/[^/]*$`, "d").exec(path) ??
    new RegExp(`/(?:year=)${year}/[^/]*$`, "d").exec(path);
  if (found === null) return undefined;
  const { day: named, month: inYear } = found.groups ?? {};
  const grain = named !== undefined ? "day" : inYear === undefined ? "year" : "month";
  const result = namedPeriod(grain, found, address, 0);
  return result && { ...result, rest: path.slice(path.lastIndexOf("/") + 1) };
}

function periodOf(
  grain: PeriodicGrain,
  groups: Readonly<Record<string, string | undefined>>,
): Period | undefined {
  const { year = "", quarter, month = "", week, day = "", hour } = groups;
  const labels: Readonly<Record<PeriodicGrain, string>> = {
    year,
    quarter: `${year}-Q${quarter ?? ""}`,
    month: `${year}-${month}`,
    week: `${year}-W${week ?? ""}`,
    day: `${year}-${month}-${day}`,
    hour: `${year}-${month}-${day}T${hour ?? ""}`,
  };
  try {
    return Period.parse(grain, labels[grain]);
  } catch {
    return undefined;
  }
}

/** An id of a data set from the name of a file: `Sales Report_2024.csv.gz` becomes `sales_report`. */
export function idFrom(name: string): string {
  const plain = name
    .replace(/(\.(csv|tsv|txt|jsonl|ndjson|json|parquet|dat))?(\.(gz|zip))?$/i, "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  return plain === "" ? "data" : plain;
}
