import type { Report } from "../../report";
import { truthText } from "../words";
import { code, type Html, html } from "./markup";

/** Verdict, source of the plan, digest, warnings. */
export function head({ verdict, headline, truth, commits, digest, warnings }: Report): Html {
  const facts = [
    ...(commits.base === undefined
      ? []
      : [
          html`<div>
            <dt>Base</dt>
            <dd>${code(commits.base)}</dd>
          </div>`,
        ]),
    ...(commits.head === undefined
      ? []
      : [
          html`<div>
            <dt>Head</dt>
            <dd>${code(commits.head)}</dd>
          </div>`,
        ]),
    html`<div>
      <dt>Digest</dt>
      <dd>${code(digest)}</dd>
    </div>`,
  ];
  return html`<header class="${verdict}">
    <p class="kind">Plan preview</p>
    <h1>${headline}</h1>
    <p>${truthText[truth]}</p>
    <dl>${facts}</dl>
    ${
      warnings.length === 0
        ? ""
        : html`<ul class="warnings">
            ${warnings.map((warning) => html`<li>${warning}</li>`)}
          </ul>`
    }
  </header>`;
}
