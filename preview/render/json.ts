import type { Report } from "../report";

/** The report as JSON; `report.schema.json` describes it. */
export function json(report: Report): string {
  return `${writtenJson(report)}\n`;
}

/** JSON in which no text is a command to a CI runner. */
export function writtenJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll("##[", "#\\u0023[");
}
