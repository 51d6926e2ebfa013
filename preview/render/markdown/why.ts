import { keyOf } from "../../judge/rows";
import type { Report } from "../../report";
import type { Difference, ResourceChange } from "../../report/changes";
import type { ChangeGroup } from "../../report/context";
import { groupText, hasManyStacks, plural, sidesOf } from "../words";
import { grouped, reference } from "./grave";
import type { Detail } from "./detail";
import { code, details, fenced, prose } from "./text";

/** Causes of the changes, one line each. */
export function whySection({ groups }: Report, { changes }: Detail): string {
  if (
    groups.length === 0 ||
    (groups.length === 1 && groups[0]?.kind === "other" && groups[0].common.length === 0)
  )
    return "";
  const lines = groups.map((group) => {
    const common =
      changes === "counts" ? [] : group.common.slice(0, mostCommon).map((difference) => inline(difference));
    const more = group.common.length > mostCommon ? [`${group.common.length - mostCommon} more`] : [];
    const statement =
      group.statement === undefined ? "" : `\n\n${fenced(indented(group.statement), "hcl", "  ")}`;
    return `- **${prose(group.title)}**: ${[groupText(group), ...common, ...more].join("; ")}${statement}`;
  });
  return `### Why\n\n${lines.join("\n")}`;
}

const mostCommon = 8;

/** Lines of a block. {@link fenced} does not escape the first character of a line. */
function indented(text: string): string[] {
  return text.split("\n");
}

/** Changes by group. */
export function whatSection(report: Report, detail: Detail): string {
  if (report.changes.length === 0) return "";
  const byKey = new Map(report.changes.map((change) => [keyOf(change), change]));
  const many = hasManyStacks(report);
  const parts = report.groups.flatMap((group) => {
    const members = group.members.flatMap((member) => byKey.get(keyOf(member)) ?? []);
    if (group.kind === "labels" || group.kind === "computed")
      return detail.changes === "values" ? [noise(group, members)] : [];
    return members.length === 0 ? [] : [groupPart(group, members, many, detail, report.groups.length > 1)];
  });
  return parts.length === 0 ? "" : `### What changes\n\n${parts.join("\n\n")}`;
}

/** Number of label or computed changes by type; their differences are in the previous section. */
function noise({ title }: ChangeGroup, members: readonly ResourceChange[]): string {
  return `${prose(title)}: ${[...grouped(members, ({ type }) => type)].map(([type, list]) => `${list.length} ${code(type)}`).join(", ")}.`;
}

function groupPart(
  group: ChangeGroup,
  members: readonly ResourceChange[],
  many: boolean,
  detail: Detail,
  titled: boolean,
): string {
  const title = titled ? `**${prose(group.title)}**\n\n` : "";
  if (detail.changes === "counts" || detail.changes === "list")
    return title + compact(members, detail.changes === "list", many);
  // The previous section shows the common differences.
  const same = new Set(group.common.map((difference) => JSON.stringify(difference)));
  const rows = members.map((change) => {
    const differences = change.differences.filter((difference) => !same.has(JSON.stringify(difference)));
    return `- ${changeLine(change, many)}${differencesOf(change, differences, detail)}`;
  });
  return rows.length <= 40
    ? title + rows.join("\n")
    : title + details(`${members.length} changes`, rows.join("\n"));
}

function compact(members: readonly ResourceChange[], named: boolean, many: boolean): string {
  return [...grouped(members, ({ action, type }) => `${action} ${type}`)]
    .map(([text, list]) => {
      const names = named
        ? `: ${list.map(({ stack, address, type }) => code(`${many ? `${stack}: ` : ""}${address.replace(`${type}.`, "")}`)).join(", ")}`
        : "";
      return `- ${prose(text)} (${list.length})${names}`;
    })
    .join("\n");
}

function changeLine(change: ResourceChange, many: boolean): string {
  const facts = [
    ...(change.reason === undefined ? [] : [prose(change.reason)]),
    ...(change.previousAddress === undefined ? [] : [`moved from ${code(change.previousAddress)}`]),
    ...(change.importId === undefined ? [] : [`imported from ${code(change.importId)}`]),
    ...(change.action === "forget" ? ["no longer managed, not destroyed"] : []),
    ...(change.source.length === 0 ? [] : [change.source.slice(0, 2).map(code).join(" <- ")]),
  ];
  return `**${change.action}** ${reference(change, many, change.path, change.name)}${facts.length > 0 ? `; ${facts.join("; ")}` : ""}`;
}

const mostDifferences = 25;

function differencesOf(
  change: ResourceChange,
  differences: readonly Difference[],
  { changes }: Detail,
): string {
  const folded =
    change.folded === 0 ? "" : `${plural(change.folded, "computed or reordered attribute")} not shown`;
  if (differences.length === 0) return folded === "" ? "" : ` (${folded})`;
  if (change.action === "create" || changes === "names") {
    const names = differences.map(({ path }) => code(path)).join(", ");
    const said = change.action === "create" && changes === "values" && differences.length <= 6;
    return said ? `\n  - ${differences.map(inline).join("; ")}` : `\n  - ${names}`;
  }
  const lines = differences
    .slice(0, mostDifferences)
    .map((difference) => `  - ${inline(difference)}${block(difference)}`);
  const more =
    differences.length > mostDifferences
      ? [`  - ${differences.length - mostDifferences} more differences`]
      : [];
  return `\n${[...lines, ...more, ...(folded === "" ? [] : [`  - ${folded}`])].join("\n")}`;
}

/** Renders a difference in one line. */
export function inline(difference: Difference): string {
  const { before, after } = sidesOf(difference);
  const sides =
    before !== undefined && after !== undefined
      ? `${code(before)} -> ${code(after)}`
      : after !== undefined
        ? code(after)
        : before !== undefined
          ? code(before)
          : "";
  const sign = { added: "+", removed: "−", changed: "~" }[difference.kind];
  const note =
    difference.note === undefined || difference.note === "known after apply" ? "" : ` (${difference.note})`;
  return `${sign} ${code(difference.path)}${sides === "" ? "" : ` ${sides}`}${note}`;
}

function block({ lines }: Difference): string {
  return lines === undefined || lines.length === 0 ? "" : `\n\n${fenced(lines, "diff", "    ")}\n`;
}
