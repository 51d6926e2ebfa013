import { oneLine } from "../plain";

/** A value as code: nothing in it is Markdown, HTML, a mention or a link. */
export function code(value: string): string {
  const text = oneLine(value);
  if (text === "") return "(empty)";
  // In a table a pipe ends the cell even in code, and a backslash before it does not help.
  if (text.includes("|")) return `<code>${entities(text)}</code>`;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${padding}${text}${padding}${fence}`;
}

/** A sentence in which names and values may stand: whatever is not a plain word becomes code. */
export function prose(text: string): string {
  return oneLine(text)
    .split(" ")
    .map((word) => {
      const [, before = "", core = "", after = ""] = /^(\(?)(.*?)([.,;:)]*)$/.exec(word) ?? [];
      return core === "" || plainWord.test(core) ? word : before + code(core) + after;
    })
    .join(" ");
}

/** Neither an issue's number nor a commit, which forges turn into links. */
const plainWord = /^(?!GH-\d|[0-9a-f]{7,40}$)(?:[\p{L}\p{N}%'’+−–—→≥≤…-]+|\d+(?:[.,]\d+)*|->|={1,2}|&&|⏎)$/iu;

/** A block of lines that nothing in them can end. */
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

/** @param rows cells that are Markdown already */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What a reader opens to see. */
export function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function entities(text: string): string {
  return text.replace(/[^A-Za-z0-9 .:/-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
