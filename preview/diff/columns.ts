import { arrayOf, isArray, isObject, type Json, type JsonObject, textOf } from "../json";

/** The columns of a table schema; undefined if the value is not a schema. */
export function columnsIn(value: Json | undefined): readonly JsonObject[] | undefined {
  const list = typeof value === "string" ? listIn(value) : value;
  if (!isArray(list) || list.length === 0) return undefined;
  const columns = list.filter(isObject).filter(isColumn);
  return columns.length === list.length ? columns : undefined;
}

/** Number of top-level columns; undefined if the text is not a schema. */
export function columnCount(schema: string): number | undefined {
  if (!/^\s*\[\s*\{\s*"/.test(schema)) return undefined;
  // Without nested fields, each column has one name. Counting is faster than parsing thousands of schemas.
  if (schema.includes('"fields"')) return columnsIn(schema)?.length;
  const names = schema.split('"name":').length - 1;
  return names > 0 && names === schema.split('"type":').length - 1 ? names : columnsIn(schema)?.length;
}

/** Both sides of a column. */
export interface ColumnPair {
  readonly name: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** Pairs the columns of two schemas by name. */
export function pairedColumns(
  before: readonly Json[],
  after: readonly Json[],
): { readonly pairs: readonly ColumnPair[]; readonly isReordered: boolean } {
  const named = (list: readonly Json[]) =>
    new Map(list.filter(isObject).map((column) => [textOf(column["name"]) ?? "", column]));
  const [old, fresh] = [named(before), named(after)];
  const kept = (list: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...list.keys()].filter((name) => other.has(name)).join();
  return {
    pairs: [...new Set([...old.keys(), ...fresh.keys()])].map((name) => ({
      name,
      before: old.get(name),
      after: fresh.get(name),
    })),
    isReordered: kept(old, fresh) !== kept(fresh, old),
  };
}

/** `STRING, nullable`: the {@link describedParts} of a column. */
export function describeColumn(column: JsonObject): string {
  const mode = textOf(column["mode"])?.toLowerCase() ?? "nullable";
  const fields = arrayOf(column["fields"]).length;
  return [textOf(column["type"]) ?? "", mode, ...(fields > 0 ? [`${fields} fields`] : [])].join(", ");
}

export const describedParts: readonly string[] = ["name", "type", "mode"];

function isColumn(value: JsonObject): boolean {
  return (
    typeof value["name"] === "string" &&
    typeof value["type"] === "string" &&
    /^[A-Z][A-Z0-9_]*(?:[(<].*)?$/.test(value["type"])
  );
}

function listIn(text: string): Json | undefined {
  if (!/^\s*\[\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
