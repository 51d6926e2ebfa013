import { html } from "../../../preview/render/html/html";
import { json } from "../../../preview/render/json";
import { junit } from "../../../preview/render/junit";
import { markdown, summary } from "../../../preview/render/markdown/markdown";
import { mermaid } from "../../../preview/render/mermaid";
import { sarif } from "../../../preview/render/sarif";
import type { Report } from "../../../preview/report";

/** A report in all formats, by name. */
export function renderAll(report: Report) {
  return {
    markdown: markdown(report),
    summary: summary(report),
    json: json(report),
    sarif: sarif(report),
    junit: junit(report),
    html: html(report, { script: "", style: "" }),
    mermaid: mermaid(report.graph),
  };
}
