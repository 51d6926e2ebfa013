import type { Report } from "../../report";
import { mermaid } from "../mermaid";
import { dollars, hasManyStacks, plural } from "../words";
import { grouped, reference } from "./grave";
import type { Detail } from "./detail";
import { code, details, prose, table } from "./text";
import { inline } from "./why";

const most = 50;

export function outputSection(report: Report): string {
  const { outputs } = report;
  if (outputs.length === 0) return "";
  const many = hasManyStacks(report);
  const rows = outputs.slice(0, most).map(({ stack, name, action, before, after, note, consumers }) => {
    const sides = [before, after].flatMap((side) => (side === undefined ? [] : [code(side)])).join(" -> ");
    const notes = [
      ...(note === undefined ? [] : [note]),
      ...(consumers.length > 0 ? [`read by ${consumers.map(code).join(", ")}`] : []),
    ];
    return `- **${action}** ${many ? `${code(stack)} ` : ""}${code(name)} ${[sides, ...notes].filter((part) => part !== "").join("; ")}`;
  });
  return [
    "### Outputs",
    rows.join("\n"),
    outputs.length > most ? `${outputs.length - most} more outputs.` : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

export function driftSection(report: Report, { changes }: Detail): string {
  const { drift } = report;
  if (drift.length === 0) return "";
  const many = hasManyStacks(report);
  const title = "### Changed outside of Terraform";
  if (changes === "counts" || changes === "list") return `${title}\n\n${plural(drift.length, "resource")}.`;
  const rows = drift.slice(0, most).map(
    (row) =>
      `- **${row.action}** ${reference(row, many)}${row.relevant ? " (the plan depends on it)" : ""}${row.differences
        .slice(0, 8)
        .map((difference) => `\n  - ${inline(difference)}`)
        .join("")}`,
  );
  return `${title}\n\n${rows.join("\n")}`;
}

export function touchSection({ touches }: Report): string {
  if (touches.length === 0) return "";
  const words = {
    "data-set": "Data sets",
    table: "Tables",
    schedule: "Schedules",
    alert: "Alerts",
    stack: "Downstream stacks",
  };
  const lines = [...grouped(touches, ({ kind }) => kind)].map(([, list]) => {
    const shown = list.slice(0, most).map(({ name, because }) => `${code(name)} (${prose(because)})`);
    return `- ${words[list[0]?.kind ?? "stack"]}: ${shown.join(", ")}${list.length > most ? `, ${list.length - most} more` : ""}`;
  });
  return `### What it touches\n\n${lines.join("\n")}`;
}

export function costSection(report: Report, { changes }: Detail): string {
  const { cost } = report;
  if (cost.rows.length === 0 && cost.usageBased.length === 0) return "";
  const many = hasManyStacks(report);
  const unknown = cost.rows.filter(({ before, after }) => before === undefined || after === undefined).length;
  const sum =
    cost.rows.length === 0
      ? ""
      : `Fixed cost per month: ${dollars(cost.before)} -> ${dollars(cost.after)}${unknown > 0 ? `, plus ${plural(unknown, "resource with an unknown price", "resources with unknown prices")}` : ""}.`;
  const rows = cost.rows
    .slice(0, most)
    .map((row) => [
      reference(row, many),
      code(row.what),
      `${dollars(row.before)} -> ${dollars(row.after)}`,
      row.note === undefined ? "" : prose(row.note),
    ]);
  const usage =
    cost.usageBased.length === 0
      ? ""
      : `Usage-based, not included: ${cost.usageBased.map(prose).join("; ")}.`;
  return [
    "### Cost",
    sum,
    rows.length === 0 || changes === "counts"
      ? ""
      : table(["Resource", "What", "USD per month", "Note"], rows),
    usage,
    cost.rows.length === 0
      ? ""
      : `List prices for us-central1 as of ${cost.pricesOf}; other regions can cost up to 40% more.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

export function findingSection({ findings }: Report): string {
  if (findings.length === 0) return "";
  const rows = findings.slice(0, most).map(({ tool, rule, level, message, address, file, line }) => {
    const place = address ?? (file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`}`);
    return `- **${level}** ${code(`${tool} ${rule}`)}${place === "" ? "" : ` ${code(place)}`}: ${prose(message.slice(0, 500))}`;
  });
  return `### Findings\n\n${rows.join("\n")}${findings.length > most ? `\n- ${findings.length - most} more findings` : ""}`;
}

export function graphSection({ graph }: Report, { changes }: Detail): string {
  if (graph.edges.length === 0 || changes === "counts" || changes === "list") return "";
  const { omitted } = graph;
  const note =
    omitted > 0 ? `\n\n${plural(omitted, "more resource is", "more resources are")} not shown.` : "";
  return details(
    "Graph of changed resources and their neighbors",
    `\`\`\`mermaid\n${mermaid(graph)}\n\`\`\`${note}`,
  );
}
