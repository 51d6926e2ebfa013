/** The file of a data set in catalog/, with comments where something was guessed. */
import {
  type ColumnType,
  type DatasetSpec,
  defineDataset,
  type PeriodicGrain,
  type Source,
} from "../../dataset";

export interface DraftColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
  readonly aliases?: readonly string[];
  readonly format?: string;
  readonly path?: string;
  /** What was guessed. */
  readonly guess?: string;
}

export interface Draft {
  readonly id: string;
  readonly description: string;
  readonly source: Source;
  readonly grain: PeriodicGrain | "once";
  readonly firstPeriod?: string;
  readonly columns: readonly DraftColumn[];
  /** What to look at, one sentence each; for the head of the file. */
  readonly notes: readonly string[];
}

const width = 110;

/** The specification that the file of a draft defines. */
export function specDrafted({ id, description, source, columns, firstPeriod, grain }: Draft): DatasetSpec {
  const props = {
    id,
    description,
    source,
    columns: columns.map(({ guess, ...column }) => (guess === undefined ? column : { ...column })),
    badRows: { action: "reject", limit: "1%" },
  } as const;
  if (grain === "once") return defineDataset({ ...props, grain });
  return defineDataset({ ...props, grain, firstPeriod: firstPeriod ?? "" });
}

/** @param from address of the file that the draft is from */
export function specificationText(
  { id, description, source, grain, firstPeriod, columns, notes }: Draft,
  from: string,
): string {
  const lines = [
    'import { defineDataset } from "../dataset";',
    "",
    `// Drafted from ${from.replace(/[\r\n]/g, " ")}.`,
    "// Check the types, and replace the descriptions: they are those of the tables in BigQuery and Postgres.",
    ...notes.flatMap((note) => wrapped(note)),
    "export default defineDataset({",
    `  id: ${quoted(id)},`,
    `  description: ${quoted(description)},`,
    "  source: {",
    ...properties(source).map((line) => `    ${line},`),
    "  },",
    `  grain: ${quoted(grain)},`,
    ...(firstPeriod === undefined ? [] : [`  firstPeriod: ${quoted(firstPeriod)},`]),
    "  columns: [",
    ...columns.flatMap(columnLines),
    "  ],",
    "  // Rows that do not match are kept in lake/rejects/; a run with more of them fails.",
    '  badRows: { action: "reject", limit: "1%" },',
    "});",
  ];
  return `${lines.join("\n")}\n`;
}

function columnLines({ guess, ...column }: DraftColumn): string[] {
  const comment = guess === undefined ? [] : [`    // Guessed: ${guess}.`];
  const parts = properties(column);
  const short = `    { ${parts.join(", ")} },`;
  if (short.length <= width) return [...comment, short];
  return [...comment, "    {", ...parts.map((part) => `      ${part},`), "    },"];
}

/** `name: value` of each property that is set. */
function properties(value: object): string[] {
  return Object.entries(value).flatMap(([name, one]: [string, unknown]) =>
    one === undefined ? [] : [`${name}: ${literal(one)}`],
  );
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return typeof value === "string" ? quoted(value) : String(value);
}

/** As prettier prefers it: with the quotes that need no escapes. */
function quoted(text: string): string {
  const double = JSON.stringify(text);
  return text.includes('"') && !/['\\\n\r\t]/.test(text) ? `'${text}'` : double;
}

function wrapped(note: string): string[] {
  const lines = [""];
  for (const word of note.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length + 4 > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.map((line) => `// ${line}`);
}
