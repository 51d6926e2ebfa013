import { html, type Html } from "./html";

/** The report's recurring parts. */

export function section(id: string, title: string, intro: string, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="intro">${intro}</p>
    ${body}
  </section> `;
}

/** Room for a plot that the page's script draws, with its numbers as a table for those who want or need it. */
export function plot(id: string, caption: string, numbers?: Html, sql?: string): Html {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <div class="plot" data-plot="${id}">
      <noscript>The plot needs JavaScript; its numbers are in the table.</noscript>
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
