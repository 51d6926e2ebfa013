import { countsText } from "../../judge/counts";
import { statusWords } from "../../judge/verdict";
import type { Report, StackSummary } from "../../report";
import { plural, truthText } from "../words";
import { code, prose, table } from "./text";

/** Verdict, source of the plan, digest, warnings, stacks. */
export function head(report: Report): string {
  return [
    "## Plan preview",
    `**${prose(report.headline)}.**`,
    facts(report),
    warnings(report.warnings),
    guardNote(report),
    stacks(report.stacks),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function facts({ truth, commits, digest }: Report): string {
  const { base, head: to } = commits;
  const range = [
    ...(base === undefined ? [] : [`base ${code(base)}`]),
    ...(to === undefined ? [] : [`head ${code(to)}`]),
  ];
  return [
    truthText[truth],
    ...(range.length > 0 ? [`Compared: ${range.join(", ")}.`] : []),
    `Digest ${code(digest)}.`,
  ].join("  \n");
}

const mostWarnings = 20;

function warnings(all: readonly string[]): string {
  if (all.length === 0) return "";
  const shown = all.slice(0, mostWarnings).map((warning) => `> - ${prose(warning.slice(0, 400))}`);
  const more = all.length > mostWarnings ? [`> - ${all.length - mostWarnings} more warnings`] : [];
  return ["> [!WARNING]", ...shown, ...more].join("\n");
}

function guardNote({ guard, digest }: Report): string {
  const open = guard.filter(({ allowed }) => !allowed).length;
  const allowed = guard.length - open;
  const notes = [
    ...(open > 0
      ? [
          `The guard rejected ${plural(open, "change")}. To allow a change, add ${code(`--allow <address>@${digest}`)} with the reason to the description of the pull request.`,
        ]
      : []),
    ...(allowed > 0 ? [`${plural(allowed, "change is", "changes are")} explicitly allowed.`] : []),
  ];
  return notes.join(" ");
}

function stacks(all: readonly StackSummary[]): string {
  const unchanged = all.filter(({ status }) => status === "unchanged");
  const others = all.filter(({ status }) => status !== "unchanged");
  const line =
    unchanged.length === 0 ? "" : `Unchanged: ${unchanged.map(({ name }) => code(name)).join(", ")}.`;
  if (others.length === 0) return line;
  const rows = others.map((stack) => [
    code(stack.name),
    `${statusWords[stack.status]}${stack.isNew ? ", new in head" : ""}`,
    [countsText(stack.counts), stack.detail === undefined ? "" : prose(stack.detail.slice(0, 1_000))]
      .filter((part) => part !== "")
      .join("; "),
  ]);
  return [table(["Stack", "Status", "What"], rows), line].filter((part) => part !== "").join("\n\n");
}
