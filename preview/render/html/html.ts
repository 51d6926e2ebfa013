import type { Report } from "../../report";
import type { Page } from "./page-build";
export function html(report: Report, page: Page): string {
  return report.headline + page.style;
}
