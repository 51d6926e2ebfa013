/** The columns of a file of JSON lines. */
import { membersOf, plainString, type Span } from "../source/json-members";

/** A value of the lines, with the texts that it has in the sample. */
export interface JsonColumn {
  /** The keys that lead to it. */
  readonly keys: readonly string[];
  /** Texts, without null. */
  readonly texts: readonly string[];
  /** Whether some values are arrays or objects, which become texts. */
  readonly isNested: boolean;
}

/** Levels of objects that become columns of their own. */
const maxDepth = 3;
/** Keys of an object from which on they are data, not names. */
const maxKeys = 200;

/** @returns the columns in the order in which they appear, and the number of lines that are not objects */
export function jsonColumns(text: string): { readonly columns: readonly JsonColumn[]; readonly odd: number } {
  const found = new Map<
    string,
    { keys: readonly string[]; texts: string[]; objects: number; others: number }
  >();
  let odd = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    if (!isObject(line)) {
      odd += 1;
      continue;
    }
    visit(line, { from: line.indexOf("{"), to: line.length }, [], found);
  }
  // A key that is sometimes an object and sometimes not is one column.
  const mixed = [...found.values()].filter(({ objects, others }) => objects > 0 && others > 0);
  const columns = [...found.values()]
    .filter(({ objects, others, texts }) => objects === 0 || others > 0 || texts.length > 0)
    .filter(
      ({ keys }) =>
        !mixed.some((one) => one.keys.length < keys.length && one.keys.every((key, at) => key === keys[at])),
    )
    .map(({ keys, texts, objects, others }) => ({ keys, texts, isNested: objects > 0 && others > 0 }));
  return {
    odd,
    columns: columns.map((column) => ({
      ...column,
      isNested: column.isNested || column.texts.some((one) => /^[{[]/.test(one)),
    })),
  };
}

function visit(
  line: string,
  span: Span,
  parents: readonly string[],
  found: Map<string, { keys: readonly string[]; texts: string[]; objects: number; others: number }>,
): void {
  for (const { key, value } of membersOf(line, span.from)) {
    const keys = [...parents, key];
    const name = JSON.stringify(keys);
    const column = found.get(name) ?? { keys, texts: [], objects: 0, others: 0 };
    found.set(name, column);
    const raw = line.slice(value.from, value.to);
    if (raw === "null") continue;
    if (raw.startsWith("{") && keys.length < maxDepth && found.size < maxKeys) {
      column.objects += 1;
      visit(line, value, keys, found);
    } else {
      column.others += 1;
      column.texts.push(raw.startsWith('"') ? plainString(raw) : raw);
    }
  }
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
