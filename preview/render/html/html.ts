import type { Report } from "../../report";
import { changeList } from "./changes";
import { page } from "./frame";
import { head, sections } from "./sections";

/** The bundled script and style sheet of the page. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

/** The whole report as one HTML file that needs nothing else: to search, to filter, to print. */
export function html(report: Report, parts: PageParts): string {
  return page(report, parts, [head(report), ...sections(report), changeList(report)]);
}
