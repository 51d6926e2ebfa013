import type { DrySummary } from "../dry-run";
import type { RejectedRule } from "../records";
import type { RunSummary } from "../run-summary";
import type { PeriodStatus } from "../status";
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
  return `\n${dataset}\n${table([head, ...rows])}${nothing}${rejectsText(periods)}`;
}

/** What a run would write, as a table. */
export function dryTable({ dataset, periods }: DrySummary): string {
  if (periods.length === 0) return "";
  const rows = periods.map(({ period, read, rejected, parquet }) => [
    period,
    ...[read, rejected, parquet].map((value) => value.toLocaleString("en-US")),
  ]);
  const text = table([["period", "read", "rejected", "Parquet"], ...rows]);
  return `\n${dataset}\n${text}\nA dry run: no destination was opened, and nothing was written.${rejectsText(periods, "would be stored")}`;
}

/** Maximum number of reasons in the list: a source with other content has as many as columns. */
const maxReasons = 10;

/** The reasons for rejects over all periods of the run, the most frequent one first. */
function rejectsText(
  periods: readonly { readonly rejects?: readonly RejectedRule[] | undefined }[],
  stored = "stored",
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
  return `\n\nRejected rows by reason (${stored} in lake/rejects/):\n${[...lines, ...more].join("\n")}`;
}

/** The status of periods as a table. */
export function statusTable(found: readonly PeriodStatus[], home: string): string {
  if (found.length === 0)
    return `${home} contains no periods; to ingest one, see: npm run ingest -- run --help`;
  const rows = found.map(({ dataset, period, complete, manifest }) => [
    dataset,
    period,
    complete ? "complete" : "incomplete: run again",
    manifest?.source.rows.toLocaleString("en-US") ?? "",
    manifest?.rejects?.rows.toLocaleString("en-US") ?? (complete ? "0" : ""),
    manifest === undefined ? "" : bytesText(manifest.parquet.bytes),
    manifest?.finishedAt.slice(0, 19).replace("T", " ") ?? "",
  ]);
  return table([
    ["data set", "period", "state", "rows read", "rejected", "Parquet", "finished (UTC)"],
    ...rows,
  ]);
}
