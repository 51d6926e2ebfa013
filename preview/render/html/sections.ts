import { countsText } from "../../judge/counts";
import { statusWords } from "../../judge/verdict";
import type { Report } from "../../report";
import type { AccessChange, Loss } from "../../report/assessment";
import { actionText, dollars, groupText, hasManyStacks, lossTitles } from "../words";
import { code, type Html, html, joined } from "./markup";
import { optionalCode, reference, table, tableSection, tag } from "./table";

/** All sections except the list of changes, in order of importance. */
export function sections(report: Report): Html[] {
  const many = hasManyStacks(report);
  return [
    stackSection(report),
    lossSection(report, many),
    tableSection(
      "Will it apply?",
      ["Resource", "Problem", "Solution"],
      report.obstacles.map((row) => [
        reference(row, many),
        joined(
          [
            html`${row.certainty === "certain" ? "" : "may fail: "}${row.reason}`,
            ...(row.progress === undefined ? [] : [html`${row.progress}`]),
          ],
          "; ",
        ),
        html`${row.remedy}`,
      ]),
    ),
    accessSection(report, many),
    tableSection(
      "Protections",
      ["Resource", "", "What"],
      report.protections.map((row) => [reference(row, many), html`${row.kind}`, html`${row.what}`]),
    ),
    whySection(report),
    tableSection(
      "Outputs",
      ["Output", "Action", "Before", "After"],
      report.outputs.map((row) => [
        code(many ? `${row.stack}: ${row.name}` : row.name),
        html`${row.action}`,
        optionalCode(row.before),
        joined([optionalCode(row.after), html`${row.note ?? ""}`], " "),
      ]),
    ),
    tableSection(
      "Changed outside of Terraform",
      ["Resource", "Action", "Attributes"],
      report.drift.map((row) => [
        reference(row, many),
        html`${row.action}`,
        joined(
          row.differences.map(({ path }) => code(path)),
          ", ",
        ),
      ]),
    ),
    tableSection(
      "What it touches",
      ["What", "Name", "Because"],
      report.touches.map(({ kind, name, because }) => [
        html`${kind.replace("-", " ")}`,
        code(name),
        html`${because}`,
      ]),
    ),
    costSection(report, many),
    tableSection(
      "Findings",
      ["Level", "Rule", "Where", "What"],
      report.findings.map(({ level, tool, rule, address, file, line, message }) => [
        html`${level}`,
        code(`${tool} ${rule}`),
        code(address ?? `${file ?? ""}${line === undefined ? "" : `:${line}`}`),
        html`${message}`,
      ]),
    ),
  ].filter((section) => section.html !== "");
}

function stackSection({ stacks }: Report): Html {
  const others = stacks.filter(({ status }) => status !== "unchanged");
  const unchanged = stacks.filter(({ status }) => status === "unchanged");
  const line =
    unchanged.length === 0
      ? ""
      : html`<p>
          Unchanged:
          ${joined(
            unchanged.map(({ name }) => code(name)),
            ", ",
          )}.
        </p>`;
  if (others.length === 0)
    return html`<section>
      <h2>Stacks</h2>
      ${line}
    </section>`;
  return html`<section>
    <h2>Stacks</h2>
    ${table(
      ["Stack", "Status", "What"],
      others.map(({ name, status, isNew, counts, detail }) => ({
        cells: [
          code(name),
          html`${statusWords[status]}${isNew ? ", new in head" : ""}`,
          html`${[countsText(counts), detail ?? ""].filter((part) => part !== "").join("; ")}`,
        ],
      })),
    )}${line}
  </section>`;
}

function lossSection({ losses }: Report, many: boolean): Html {
  if (losses.length === 0) return html``;
  return html`<section>
    <h2>What is lost</h2>
    ${table(
      ["", "Resource", "What happens", "Recovery"],
      losses.map((loss) => ({ kind: loss.class, stack: loss.stack, cells: lossCells(loss, many) })),
    )}
  </section>`;
}

function lossCells(loss: Loss, many: boolean): Html[] {
  const what = loss.action === "collateral" ? html`not in the plan` : html`${actionText(loss.action)}`;
  const forced = loss.forcedBy.length === 0 ? [] : [html`forced by ${joined(loss.forcedBy.map(code), ", ")}`];
  return [
    tag(lossTitles[loss.class], loss.class),
    reference(loss, many, loss.path),
    joined([what, html`${loss.reason}`, ...forced], "; "),
    html`${loss.wayBack ?? ""}`,
  ];
}

function accessSection({ access }: Report, many: boolean): Html {
  if (access.length === 0) return html``;
  return html`<section>
    <h2>Who gains or loses access</h2>
    ${table(
      ["", "Who", "Before", "After", "On", "Resource"],
      access.map((change) => ({ stack: change.stack, cells: accessCells(change, many) })),
    )}
  </section>`;
}

function accessCells(change: AccessChange, many: boolean): Html[] {
  const { broadening, kind, inside } = change;
  const label = broadening === undefined ? html`${kind}${inside ? ", inside" : ""}` : tag(broadening, "lost");
  return [
    label,
    code(change.who),
    optionalCode(change.before),
    optionalCode(change.after),
    joined([code(change.on), ...(change.authoritative ? [html`authoritative`] : [])], ", "),
    reference(change, many),
  ];
}

function whySection({ groups }: Report): Html {
  if (groups.length === 0) return html``;
  return html`<section>
    <h2>Why</h2>
    <ul>
      ${groups.map((group) => {
        const common = group.common
          .slice(0, 20)
          .map(({ path, before, after }) =>
            joined([code(path), optionalCode(before), optionalCode(after)], " "),
          );
        const statement =
          group.statement === undefined
            ? ""
            : html`<pre>
${joined(
                  group.statement.split("\n").map((line) => html`${line}`),
                  "\n",
                )}</pre>`;
        return html`<li>
          <strong>${group.title}</strong>:
          ${groupText(group)}${common.length === 0 ? "" : html`; ${joined(common, "; ")}`}${statement}
        </li>`;
      })}
    </ul>
  </section>`;
}

function costSection({ cost }: Report, many: boolean): Html {
  if (cost.rows.length === 0 && cost.usageBased.length === 0) return html``;
  const usage =
    cost.usageBased.length === 0
      ? ""
      : html`<p>Usage-based, not included: ${cost.usageBased.join("; ")}.</p>`;
  if (cost.rows.length === 0)
    return html`<section>
      <h2>Cost</h2>
      ${usage}
    </section>`;
  return html`<section>
    <h2>Cost</h2>
    <p>
      Fixed cost per month: ${dollars(cost.before)} before, ${dollars(cost.after)} after. List prices for
      us-central1 as of ${cost.pricesOf}; other regions can cost up to 40% more.
    </p>
    ${table(
      ["Resource", "What", "Before", "After", "Note"],
      cost.rows.map((row) => ({
        stack: row.stack,
        cells: [
          reference(row, many),
          html`${row.what}`,
          html`${dollars(row.before)}`,
          html`${dollars(row.after)}`,
          html`${row.note ?? ""}`,
        ],
      })),
    )}${usage}
  </section>`;
}
