import { columns } from "../columns";
import type { BarGroup } from "./chart";

/** Result of a benchmark: a table, with notes below it, and what to draw of it. */
export interface Section {
  readonly title: string;
  /** The first row is the heading. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly chart: BarGroup;
}

/** For a terminal. */
export function sectionText({ title, rows, notes }: Section): string {
  return [title, columns(rows), ...notes].join("\n");
}

/** For a page. */
export function sectionMarkdown({ title, rows: [head = [], ...rows] }: Section): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace("\\", "\\\\")).join(" | ")} |`;
  const ruler = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [`${title}:`, "", line(head), line(ruler), ...rows.map(line)].join("\n");
}
