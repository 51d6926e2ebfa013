import type { Report } from "../../report";
import { lossTitles } from "../words";
import type { PageParts } from "./page-parts";
import { type Html, html } from "./markup";

/** The page around the content: title, styles, search and filter bar, and script. */
export function page(report: Report, { script, style }: PageParts, content: readonly Html[]): string {
  const classes = Object.entries(lossTitles).map(([value, text]) => ({ value, text }));
  const stacks = report.stacks
    .filter(({ status }) => status !== "unchanged")
    .map(({ name }) => ({ value: name, text: name }));
  const groups = report.groups.map(({ title }, index) => ({ value: String(index), text: title }));
  const body = html`
    <a class="skip" href="#changes">Skip to changes</a>
    <main>${content}</main>
    <form class="bar" role="search" aria-label="Search and filter">
      <label
        >Search <input type="search" id="search" placeholder="address, attribute, value" autocomplete="off"
      /></label>
      ${select("class", "Effect on data", [...classes, { value: "none", text: "Updated in place, or new" }])}
      ${select("stack", "Stack", stacks)} ${select("group", "Cause", groups)}
      <output id="shown" aria-live="polite"></output>
    </form>
  `;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // The page loads nothing, and only its own script runs, whatever values contain.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    html`<title>Plan preview: ${report.headline}</title>`.html,
    `<style>${style}</style></head><body>`,
    body.html,
    `<script>${script}</script></body></html>\n`,
  ].join("\n");
}

interface Choice {
  readonly value: string;
  readonly text: string;
}

function select(id: string, label: string, choices: readonly Choice[]): Html {
  if (choices.length < 2) return html``;
  return html`<label
    >${label}
    <select id="${id}">
      <option value="">all</option>
      ${choices.map(({ value, text }) => html`<option value="${value}">${text}</option>`)}
    </select></label
  >`;
}
