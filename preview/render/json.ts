import type { Report } from "../report";

/** Renders the report as JSON, described by `report.schema.json`. */
export function json(report: Report): string {
  return `${writtenJson(report)}\n`;
}

/** Serializes JSON without text that a CI runner interprets as a command. */
export function writtenJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll("##[", "#\\u0023[");
}
