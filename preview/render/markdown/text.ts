import { oneLine } from "../plain";

/** A value as code, in which nothing is interpreted as Markdown, HTML, a mention or a link. */
export function code(value: string): string {
  const text = oneLine(value);
  if (text === "") return "(empty)";
  // In a table, a pipe ends the cell even in code, and cannot be escaped with a backslash.
  if (text.includes("|")) return `<code>${entities(text)}</code>`;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${padding}${text}${padding}${fence}`;
}

/** A sentence that can contain names and values: everything except plain words becomes code. */
export function prose(text: string): string {
  return oneLine(text)
    .split(" ")
    .map((word) => {
      const [, before = "", core = "", after = ""] = /^(\(?)(.*?)([.,;:)]*)$/.exec(word) ?? [];
      return core === "" || plainWord.test(core) ? word : before + code(core) + after;
    })
    .join(" ");
}

/** Excludes issue numbers and commits, which GitHub turns into links. */
const plainWord = /^(?!GH-\d|[0-9a-f]{7,40}$)(?:[\p{L}\p{N}%'’+−–—→≥≤…-]+|\d+(?:[.,]\d+)*|->|={1,2}|&&|⏎)$/iu;

/** A fenced block whose lines cannot end it. */
export function fenced(lines: readonly string[], language: string, indent = ""): string {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines.map((line) => line.slice(0, 1) + oneLine(line.slice(1))), fence]
    .map((line) => indent + line)
    .join("\n");
}

/** @param rows cells in Markdown */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A collapsed section. */
export function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function entities(text: string): string {
  return text.replace(/[^A-Za-z0-9 .:/-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
