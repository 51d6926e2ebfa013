import { oneLine } from "../plain";

/** Text that is HTML. All other text is escaped when it is inserted into HTML. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

/** Template tag that escapes its values: html`<td>${text}</td>`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? "";
  parts.forEach((part, index) => {
    text += written(part) + (strings[index + 1] ?? "");
  });
  return { html: text };
}

/** A value of a plan as code. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** Joins HTML with a separator. */
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
