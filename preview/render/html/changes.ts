import { keyOf } from "../../judge/rows";
import type { Report } from "../../report";
import type { Difference, ResourceChange } from "../../report/changes";
import { hasManyStacks, plural, sidesOf } from "../words";
import { code, type Html, html, joined } from "./markup";
import { optionalCode, reference, tag } from "./table";

/** All changes, with differences to expand. */
export function changeList(report: Report): Html {
  if (report.changes.length === 0) return html``;
  const many = hasManyStacks(report);
  const groupOf = new Map(
    report.groups.flatMap(({ members }, index) => members.map((member) => [keyOf(member), index] as const)),
  );
  return html`<section id="changes">
    <h2>What changes</h2>
    <p id="none" hidden>No matching changes.</p>
    <p class="printed"></p>
    ${report.changes.map((change) => row(change, groupOf.get(keyOf(change)) ?? -1, many))}
  </section>`;
}

function row(change: ResourceChange, group: number, many: boolean): Html {
  const facts = [
    ...(change.reason === undefined ? [] : [html`${change.reason}`]),
    ...(change.previousAddress === undefined ? [] : [html`moved from ${code(change.previousAddress)}`]),
    ...(change.importId === undefined ? [] : [html`imported from ${code(change.importId)}`]),
    ...(change.noise === undefined ? [] : [html`${change.noise} only`]),
    ...(change.source.length === 0 ? [] : [joined(change.source.map(code), " &#8592; ")]),
  ];
  const title = html`${tag(change.action, change.loss)}
  ${reference(change, many, change.path)}${change.name === undefined ? "" : html` <span class="path">${change.name}</span>`}${facts.length === 0 ? "" : html` <small>${joined(facts, "; ")}</small>`}`;
  const attributes = html`data-row data-class="${change.loss}" data-stack="${change.stack}"
  data-group="${group}"`;
  const folded =
    change.folded === 0
      ? ""
      : html`<p><small>${plural(change.folded, "computed or reordered attribute")} not shown</small></p>`;
  if (change.differences.length === 0) return html`<div class="change" ${attributes}>${title}</div>`;
  return html`<details class="change" ${attributes}>
    <summary>${title}</summary>
    <table class="differences">
      <tbody>
        ${change.differences.map(difference)}
      </tbody>
    </table>
    ${folded}
  </details>`;
}

function difference(one: Difference): Html {
  const { before, after } = sidesOf(one);
  const lines = one.lines === undefined ? "" : html`<pre>${joined(one.lines.map(line), "\n")}</pre>`;
  const note =
    one.note === undefined || one.note === "known after apply" ? "" : html` <small>${one.note}</small>`;
  const arrow = before !== undefined && after !== undefined ? html` &#8594; ` : "";
  return html`<tr class="${one.kind}">
    <th scope="row">${code(one.path)}</th>
    <td>${optionalCode(before)}${arrow}${optionalCode(after)}${lines}${note}</td>
  </tr>`;
}

function line(text: string): Html {
  const kind = text.startsWith("+") ? "added" : text.startsWith("-") ? "removed" : "same";
  return html`<span class="${kind}">${text}</span>`;
}
