import { parse } from "csv-parse/sync";
import type { SpecColumn, DatasetSpec } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { type TextForm, textForm } from "./text-form";
import { few, folded, otherDelimiter, shownHeader, unseen } from "./header-advice";

/** One field of the source's header and the column it fills. */
export interface Field {
  /** As in the source. */
  readonly header: string;
  /** The column that it fills. For a field without a column of the table, one of type STRING that no table has. */
  readonly column: SpecColumn;
  /** How the texts are written. @default - in the standard form of the type */
  readonly form?: TextForm;
  /**
   * What happens to a field that is not in the specification: it is left out, or part of `_extra`.
   * @default - it fills `column`
   */
  readonly role?: "left out" | "extra";
}

/**
 * The names in a CSV header line.
 *
 * @param place file and line, for messages
 * @throws Failure drift when the line cannot be read
 */
export function headerNames(
  line: string,
  { delimiter, quote }: DatasetSpec["source"],
  place: string,
): string[] {
  try {
    const records: string[][] = parse(line, { delimiter, quote, escape: quote });
    return records[0] ?? [];
  } catch (error) {
    throw new Failure("drift", `${place}: the header cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Finds each header's column by name or alias, ignoring case and surrounding spaces.
 *
 * @param place file and line, for messages
 * @returns the fields in the order of the file
 * @throws Failure drift that lists unknown and duplicate headers and missing columns
 */
export function matchHeader(headers: readonly string[], spec: DatasetSpec, place: string): readonly Field[] {
  const known = new Map(
    spec.columns.flatMap((column) => [column.name, ...column.aliases].map((text) => [folded(text), column])),
  );
  const names = new Set(known.keys());
  const ignored = new Set((spec.source.ignore ?? []).map(folded));
  const unknown: string[] = [];
  const fields: Field[] = [];
  headers.forEach((header, index) => {
    const column = known.get(folded(header));
    if (column === undefined && ignored.has(folded(header))) {
      fields.push(otherField(header, index, "left out"));
    } else if (column === undefined && spec.source.extra !== undefined && spec.source.extra !== "fail") {
      fields.push(otherField(header, index, spec.source.extra === "json" ? "extra" : "left out"));
    } else if (column === undefined) {
      const why = unseen(header, names);
      const reason = `is not in the specification${why === undefined ? "" : ` (${why})`}`;
      unknown.push(`field ${index + 1} "${shownHeader(header)}" ${reason}`);
    } else if (fields.some((field) => field.column === column)) {
      unknown.push(`field ${index + 1} "${shownHeader(header)}" is a duplicate (column ${column.name})`);
    } else {
      const form = textForm(column, spec.source);
      fields.push({ header, column, ...(form && { form }) });
    }
  });
  const missing = spec.columns
    .filter((column) => !column.optional && !fields.some((field) => field.column === column))
    .map((column) => `column ${column.name} is missing`);
  if (unknown.length + missing.length === 0) return fields;
  const { delimiter } = spec.source;
  const other = fields.every(({ role }) => role !== undefined)
    ? otherDelimiter(headers.join(delimiter), delimiter, names)
    : undefined;
  if (other !== undefined)
    throw new Failure(
      "drift",
      `${place}: the header "${shownHeader(headers.join(delimiter))}" has the delimiter ${JSON.stringify(other)}, ` +
        `but the specification requires ${JSON.stringify(delimiter)}; set source.delimiter in catalog/${spec.id}.ts`,
    );
  const faults = [...few(unknown), ...few(missing)];
  throw new Failure(
    "drift",
    `${place}: the header does not match the specification: ${faults.join("; ")}. ` +
      `Update the columns or aliases in catalog/${spec.id}.ts` +
      (unknown.length > 0 ? "; to leave a field out, add it to source.ignore" : ""),
  );
}

/** A field that fills no column of the specification. */
function otherField(header: string, index: number, role: "left out" | "extra"): Field {
  const column = {
    name: `_field_${index + 1}`,
    type: "STRING",
    mode: "NULLABLE",
    description: "",
    aliases: [],
    optional: false,
  } as const;
  return { header, column, role };
}
