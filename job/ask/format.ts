import { table } from "../text";

/** How rows are printed. */
export const formats = ["table", "csv", "json", "markdown"] as const;
export type Format = (typeof formats)[number];

/** Rows of a query, as JSON values, below the names of the columns. */
export interface Page {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A table or Markdown as text that ends with a line break. */
export function tableText({ columns, rows }: Page, format: "table" | "markdown"): string {
  if (format === "table")
    return `${table([columns, ...rows.map((row) => row.map((value) => oneLine(shown(value))))])}\n`;
  return [columns, columns.map(() => "---"), ...rows.map((row) => row.map((value) => cell(shown(value))))]
    .map((row) => `| ${row.join(" | ")} |\n`)
    .join("");
}

/** The first line of CSV. */
export function csvHeader(columns: readonly string[]): string {
  return `${columns.map(quoted).join(",")}\n`;
}

/** Rows as CSV, or as one JSON object per line, so that a large result can be written and read piece by piece. */
export function rowsText({ columns, rows }: Page, format: "csv" | "json"): string {
  return rows
    .map((row) =>
      format === "csv"
        ? `${row.map((value) => (value === null ? "" : quoted(text(value)))).join(",")}\n`
        : `${JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, row[index]])))}\n`,
    )
    .join("");
}

function shown(value: unknown): string {
  return value === null ? "NULL" : text(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function oneLine(value: string): string {
  return value.replace(/\r\n?|\n/g, "⏎");
}

function cell(value: string): string {
  return value.replace(/\|/g, "\\|").replace(/\r\n?|\n/g, "<br>");
}

/** https://www.rfc-editor.org/rfc/rfc4180 */
function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
