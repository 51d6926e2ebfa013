import type { DrySummary } from "../dry-run";
import type { RejectedRule } from "../records";
import type { RunSummary } from "../run-summary";
import type { MissingPeriods, Status } from "../status";
import { bytesText, countText, secondsText, table } from "../text";

/** The result of a run as a table. */
export function runTable({ dataset, periods }: RunSummary): string {
  const rows = periods.map(({ period, changed, rows: count, source, seconds }) => [
    period,
    changed ? "written" : "unchanged",
    bytesText(source.bytes),
    ...[count.read, count.rejected, count.parquet, count.warehouse].map((value) =>
      value.toLocaleString("en-US"),
    ),
    count.database === null ? "skipped" : count.database.toLocaleString("en-US"),
    secondsText(Object.values(seconds).reduce((sum, value) => sum + value, 0)),
  ]);
  const head = ["period", "", "source", "read", "rejected", "Parquet", "warehouse", "database", "time"];
  const nothing = periods.every(({ changed }) => !changed)
    ? "\nThe source has not changed: nothing was written."
    : "";
  return `\n${dataset}\n${table([head, ...rows])}${nothing}${rejectsText(periods, dataset)}`;
}

/** What a run would write, as a table. */
export function dryTable({ dataset, periods }: DrySummary): string {
  if (periods.length === 0) return "";
  const rows = periods.map(({ period, read, rejected, parquet }) => [
    period,
    ...[read, rejected, parquet].map((value) => value.toLocaleString("en-US")),
  ]);
  const text = table([["period", "read", "rejected", "Parquet"], ...rows]);
  return `\n${dataset}\n${text}\nA dry run: no destination was opened, and nothing was written.${rejectsText(periods)}`;
}

/** Maximum number of reasons in the list: a source with other content has as many as columns. */
const maxReasons = 10;

/**
 * The reasons for rejects over all periods of the run, the most frequent one first.
 *
 * @param dataset for the command that shows the rows. @default - a dry run, which stores none
 */
function rejectsText(
  periods: readonly { readonly period: string; readonly rejects?: readonly RejectedRule[] | undefined }[],
  dataset?: string,
): string {
  const sums = new Map<string, number>();
  for (const { rejects = [] } of periods) {
    for (const { column, rule, rows } of rejects) {
      const reason = `${column ?? "line"}: ${rule}`;
      sums.set(reason, (sums.get(reason) ?? 0) + rows);
    }
  }
  if (sums.size === 0) return "";
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  const lines = sorted
    .slice(0, maxReasons)
    .map(([reason, rows]) => `  ${countText(rows, "row").padStart(12)}  ${reason}`);
  const more = sorted.length > maxReasons ? [`  and ${sorted.length - maxReasons} more reasons`] : [];
  const first = periods.find(({ rejects = [] }) => rejects.length > 0)?.period ?? "";
  const stored = dataset === undefined ? "would be stored" : "stored";
  const command =
    dataset === undefined ? "" : `\nTo see the rows: npm run ingest -- rejects ${dataset} ${first}`;
  return `\n\nRejected rows by reason (${stored} in lake/rejects/):\n${[...lines, ...more].join("\n")}${command}`;
}

/** The status of periods as a table, and what is missing, with the commands that ingest it. */
export function statusText({ periods, missing }: Status, home: string): string {
  if (periods.length === 0)
    return `${home} contains no periods; to ingest one, see: npm run ingest -- run --help`;
  const rows = periods.map(({ dataset, period, complete, fault, manifest }) => [
    dataset,
    period,
    complete ? "complete" : `${fault ?? "incomplete"}: run again`,
    manifest?.source.rows.toLocaleString("en-US") ?? "",
    manifest?.rejects?.rows.toLocaleString("en-US") ?? (complete ? "0" : ""),
    manifest === undefined ? "" : bytesText(manifest.parquet.bytes),
    manifest?.finishedAt.slice(0, 19).replace("T", " ") ?? "",
  ]);
  const listed = table([
    ["data set", "period", "state", "rows read", "rejected", "Parquet", "finished (UTC)"],
    ...rows,
  ]);
  return [listed, ...(missing.length > 0 ? ["", ...missing.map(missingText)] : [])].join("\n");
}

/** `orders 2024-02 to 2024-03: 2 periods are missing; npm run ingest -- run ...` */
function missingText({ dataset, kind, from, to, count, since }: MissingPeriods): string {
  const range = from === to ? from : `${from} to ${to}`;
  const verb = count === 1 ? "is" : "are";
  const what = kind === "gap" ? `${verb} missing` : `${verb} overdue since ${since ?? ""}`;
  const options = from === to ? `--period ${from}` : `--from ${from} --to ${to}`;
  return `${dataset} ${range}: ${countText(count, "period")} ${what}; npm run ingest -- run --dataset ${dataset} ${options}`;
}
