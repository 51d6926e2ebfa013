import { oneLine } from "../plain";

/** Text that is HTML already; everything else is escaped when it is put into HTML. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

/** HTML with its values escaped: html`<td>${text}</td>`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? "";
  parts.forEach((part, index) => {
    text += written(part) + (strings[index + 1] ?? "");
  });
  return { html: text };
}

/** A value of a plan, set as code. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** HTML one after another, with something between. */
export function joined(parts: readonly Html[], between: string): Html {
  return { html: parts.map((part) => part.html).join(between) };
}

function written(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(part);
  if ("html" in part) return part.html;
  let text = "";
  for (const one of part) text += one.html;
  return text;
}

function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
