import type { Report } from "../../report";
import { changeList } from "./changes";
import { page } from "./frame";
import { graphSection } from "./graph";
import { head } from "./head";
import { sections } from "./sections";
import type { PageParts } from "./page-parts";

/** Renders the complete report as a self-contained HTML page with search, filters and print styles. */
export function html(report: Report, parts: PageParts): string {
  return page(report, parts, [head(report), ...sections(report), graphSection(report), changeList(report)]);
}
