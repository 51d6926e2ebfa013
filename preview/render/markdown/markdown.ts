import type { Report } from "../../report";
import { accessSection, lossSection, obstacleSection, protectionSection } from "./grave";
import { head } from "./head";
import { costSection, findingSection, graphSection, outputSection, touchSection, driftSection } from "./rest";
import { whatSection, whySection } from "./why";
import type { Detail } from "./detail";

/** Maximum length of a comment. GitHub allows 65,536 characters; the difference is a reserve. */
export const commentBudget = 60_000;
/** Maximum length of a job summary. GitHub allows 1 MiB. */
export const summaryBudget = 1_000_000;

const steps: readonly Detail[] = [
  { grave: "rows", changes: "values" },
  { grave: "rows", changes: "names" },
  { grave: "rows", changes: "list" },
  { grave: "rows", changes: "counts" },
  { grave: "lists", changes: "list" },
  { grave: "lists", changes: "counts" },
  { grave: "guarded", changes: "counts" },
];

/** Renders the report as Markdown, with the highest level of detail that fits the budget. */
export function markdown(report: Report, budget = commentBudget): string {
  const possible = steps.filter((step) => atLeast(report, step) <= budget);
  for (const step of possible.length > 0 ? possible : steps.slice(-1)) {
    const text = document(report, step);
    if (text.length <= budget) return text;
  }
  return cut(document(report, { grave: "guarded", changes: "counts" }), budget);
}

/** Renders the report for the summary of a CI job. */
export function summary(report: Report): string {
  return markdown(report, summaryBudget);
}

/** Minimum length at a level of detail, to skip levels that cannot fit. */
function atLeast({ changes, losses, access }: Report, { grave, changes: detail }: Detail): number {
  const perChange = { values: 60, names: 50, list: 20, counts: 0 }[detail];
  const perRow = { rows: 80, lists: 15, guarded: 0 }[grave];
  return changes.length * perChange + (losses.length + access.length) * perRow;
}

function document(report: Report, detail: Detail): string {
  return [
    head(report),
    lossSection(report, detail),
    obstacleSection(report, detail),
    accessSection(report, detail),
    protectionSection(report, detail),
    whySection(report, detail),
    whatSection(report, detail),
    outputSection(report),
    driftSection(report, detail),
    touchSection(report),
    costSection(report, detail),
    findingSection(report),
    graphSection(report, detail),
    detail.changes === "values" ? "" : shortenedNote(detail),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function shortenedNote({ changes }: Detail): string {
  const what = {
    values: "",
    names: "attribute names without values",
    list: "addresses only",
    counts: "counts only",
  }[changes];
  return `_This comment is shortened: changes that affect neither data nor access are shown as ${what}. The HTML report contains all details._`;
}

/** Last resort: truncates the text after a complete line. */
function cut(text: string, budget: number): string {
  const note = "\n\n**Truncated. The HTML report contains the rest.**\n";
  const kept = text.slice(0, budget - note.length);
  return kept.slice(0, kept.lastIndexOf("\n")) + note;
}
