import type { ResourceReference } from "../../report/changes";
import { plural } from "../words";
import { code, type Html, html } from "./markup";

export function tableSection(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly Html[])[],
): Html {
  return rows.length === 0
    ? html``
    : html`<section>
        <h2>${title}</h2>
        ${table(
          columns,
          rows.map((cells) => ({ cells })),
        )}
      </section>`;
}

interface TableRow {
  readonly cells: readonly Html[];
  /** Effect on data, for the filter. */
  readonly kind?: string;
  readonly stack?: string;
}

/** A table that scrolls horizontally on narrow screens. Long tables can be collapsed. */
export function table(columns: readonly string[], rows: readonly TableRow[]): Html {
  const whole = html`<div
    class="scroll"
    tabindex="0"
    role="region"
    aria-label="${plural(rows.length, "row")}"
  >
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ cells, kind = "", stack = "" }) =>
            html`<tr data-row data-class="${kind}" data-stack="${stack}">
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
  return rows.length <= 100
    ? whole
    : html`<details open>
        <summary>${plural(rows.length, "row")}</summary>
        ${whole}
      </details>`;
}

/** A resource with its stack and construct path. */
export function reference(
  { stack, address, deposed }: ResourceReference,
  many: boolean,
  path?: string,
): Html {
  return html`${many ? html`<span class="stack">${stack}</span> ` : ""}<code class="address">${address}</code
    >${deposed === undefined ? "" : html` deposed ${code(deposed)}`}${path === undefined ? "" : html` <span class="path">${path}</span>`}`;
}

export function tag(text: string, kind: string): Html {
  return html`<span class="tag ${kind}">${text}</span>`;
}

export function optionalCode(text: string | undefined): Html {
  return text === undefined ? html`` : code(text);
}
