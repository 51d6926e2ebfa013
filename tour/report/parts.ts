import { html, type Html } from "./html";

/** Reusable parts of the report. */

export function section(id: string, title: string, intro: string, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="intro">${intro}</p>
    ${body}
  </section> `;
}

/** Placeholder for a plot that the script of the page draws, with its numbers as a table and its SQL. */
export function plot(id: string, caption: string, numbers?: Html, sql?: string): Html {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <div class="plot" data-plot="${id}">
      <noscript>This plot requires JavaScript. The table contains its numbers.</noscript>
    </div>
    ${
      numbers === undefined
        ? ""
        : html`<details>
            <summary>Numbers</summary>
            ${numbers}
          </details>`
    }
    ${
      sql === undefined
        ? ""
        : html`<details>
            <summary>SQL</summary>
            <pre tabindex="0"><code>${sql.trim()}</code></pre>
          </details>`
    }
  </figure>`;
}
