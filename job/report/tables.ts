import type { RunSummary } from "../run-summary";
import type { PeriodStatus } from "../status";
import { bytesText, secondsText, table } from "../text";

/** A run's result for a person. */
export function runTable({ dataset, periods }: RunSummary): string {
  const rows = periods.map(({ period, changed, rows: count, source, seconds }) => [
    period,
    changed ? "written" : "unchanged",
    bytesText(source.bytes),
    ...[count.read, count.rejected, count.parquet, count.warehouse].map((value) =>
      value.toLocaleString("en-US"),
    ),
    count.database === null ? "left out" : count.database.toLocaleString("en-US"),
    secondsText(Object.values(seconds).reduce((sum, value) => sum + value, 0)),
  ]);
  const head = ["period", "", "source", "read", "rejected", "Parquet", "warehouse", "database", "time"];
  const nothing = periods.every(({ changed }) => !changed)
    ? "\nNothing has changed at the source: nothing was written."
    : "";
  return `\n${dataset}\n${table([head, ...rows])}${nothing}`;
}

/** What a home holds, for a person. */
export function statusTable(found: readonly PeriodStatus[], home: string): string {
  if (found.length === 0) return `${home} holds nothing yet; try: npm run ingest -- run --help`;
  const rows = found.map(({ dataset, period, complete, manifest }) => [
    dataset,
    period,
    complete ? "complete" : "unfinished: run it again",
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
