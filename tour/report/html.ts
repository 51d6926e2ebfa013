/** Text that is HTML. All other text is escaped when it is inserted into HTML. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/** Template tag that escapes its values: html`<td>${text}</td>`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: String.raw({ raw: strings }, ...parts.map(written)) };
}

/** JSON for a script element. Escapes `<`, so that the data cannot close the element. */
export function jsonForScript(value: unknown): Html {
  return { html: JSON.stringify(value).replaceAll("<", "\\u003c") };
}

/**
 * A table with row headings in the first column. Numeric columns are right-aligned. On a narrow screen, a `grid` scrolls
 * horizontally and a `stack` wraps its lines.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | Html)[])[],
  style: "grid" | "stack" = "grid",
): Html {
  const align = (index: number) => ({ html: columns[index]?.numeric === true ? ' class="n"' : "" });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="${style}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, index) => html`<th scope="col" ${align(index)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) =>
                index === 0
                  ? html`<th scope="row" ${align(index)}>${cell}</th>`
                  : html`<td ${align(index)}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export interface Column {
  readonly title: string;
  /** @default - false */
  readonly numeric?: boolean;
}

function written(part: Part): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(part);
  if ("html" in part) return part.html;
  return part.map((one) => one.html).join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
