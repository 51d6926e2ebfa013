import type { Report } from "../../report";
import { accessSection, lossSection, obstacleSection, protectionSection } from "./grave";
import { head } from "./head";
import { costSection, findingSection, graphSection, outputSection, touchSection, driftSection } from "./rest";
import { whatSection, whySection } from "./why";

/** A comment may have 65,536 characters on GitHub; the rest is for what surrounds it. */
export const commentBudget = 60_000;
/** A job's summary may have 1 MiB. */
export const summaryBudget = 1_000_000;

/** How much of each part is shown. What is lost, what stops the apply and who gains access is shown in every step. */
export interface Detail {
  readonly grave: "rows" | "lists" | "guarded";
  readonly changes: "values" | "names" | "list" | "counts";
}

const steps: readonly Detail[] = [
  { grave: "rows", changes: "values" },
  { grave: "rows", changes: "names" },
  { grave: "rows", changes: "list" },
  { grave: "rows", changes: "counts" },
  { grave: "lists", changes: "list" },
  { grave: "lists", changes: "counts" },
  { grave: "guarded", changes: "counts" },
];

/** The report as Markdown, in the most detail that the budget allows. */
export function markdown(report: Report, budget = commentBudget): string {
  const possible = steps.filter((step) => atLeast(report, step) <= budget);
  for (const step of possible.length > 0 ? possible : steps.slice(-1)) {
    const text = document(report, step);
    if (text.length <= budget) return text;
  }
  return cut(document(report, { grave: "guarded", changes: "counts" }), budget);
}

/** The report for the summary of a CI job. */
export function summary(report: Report): string {
  return markdown(report, summaryBudget);
}

/** So many characters a step has in any case: it saves writing what cannot fit. */
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
    names: "only the names of attributes",
    list: "only the addresses",
    counts: "only counts",
  }[changes];
  return `_There are too many changes for one comment: of those that are not grave it shows ${what}. The HTML report has all of them._`;
}

/** The last resort: whole lines, from the top. */
function cut(text: string, budget: number): string {
  const note = "\n\n**Cut off here: the rest is in the HTML report.**\n";
  const kept = text.slice(0, budget - note.length);
  return kept.slice(0, kept.lastIndexOf("\n")) + note;
}
