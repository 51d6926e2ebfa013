import { type Period, periodColumn } from "../../dataset";

/** SQL text from values, for DuckDB and Postgres: both double the quote inside. */

export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The condition that picks the rows of a period, in DuckDB, Postgres and BigQuery alike. */
export function inPeriod(period: Period): string {
  return period.grain === "once" ? "true" : `${periodColumn.name} = DATE '${period.startDate}'`;
}
