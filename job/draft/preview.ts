import { extraColumn } from "../../dataset";
import { countText, table } from "../text";
import type { Arrival } from "./arrival";

/** Columns of a table that fits on a screen. */
const maxWidth = 30;
const maxColumns = 8;

/** What arrives from a sample, as text: columns, first rows, rejects. */
export function arrivalText({ rows, rejected, rules, firstReject, columns, first }: Arrival): string {
  const own = columns.filter(({ header }) => header !== undefined && header !== extraColumn.name);
  const names = own.map(({ name, type, header = "" }) => [name, type, header === name ? "" : shown(header)]);
  const visible = columns.slice(0, maxColumns);
  const cells = first.map((row) =>
    visible.map(({ type }, index) => {
      const text = row[index] ?? "NULL";
      // Nine decimal places, which NUMERIC always has, would hide the number.
      return shown(type === "NUMERIC" ? text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") : text);
    }),
  );
  const more = columns.length > maxColumns ? [`(and ${columns.length - maxColumns} more columns)`] : [];
  const parts = [
    leftAligned([["column", "type", "in the source"], ...names]),
    first.length === 0 ? "no rows" : leftAligned([visible.map(({ name }) => shown(name)), ...cells]),
    ...more,
    `${countText(rows, "row")} of the sample read, ${rejected.toLocaleString("en-US")} rejected`,
  ];
  const reasons = [...rules]
    .sort((a, b) => b.rows - a.rows)
    .slice(0, 5)
    .map(({ column, rule, rows: count }) => `  ${countText(count, "row")}: ${column ?? "the line"} ${rule}`);
  if (firstReject !== undefined)
    reasons.push(`  first in line ${firstReject.line}: ${shown(firstReject.raw, 80)}`);
  return [...parts, ...(reasons.length > 0 ? [reasons.join("\n")] : [])].join("\n\n");
}

function shown(text: string, width = maxWidth): string {
  const line = text.replace(/[\p{Cc}]/gu, " ");
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** A table whose columns are all left-aligned. */
function leftAligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return table(rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
}
