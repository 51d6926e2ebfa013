import { parse } from "csv-parse/sync";
import type { SpecColumn, DatasetSpec } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { few, folded, otherDelimiter, shownHeader, unseen } from "./header-advice";

/** One field of the source's header and the column it fills. */
export interface Field {
  /** As in the source. */
  readonly header: string;
  readonly column: SpecColumn;
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
  const unknown: string[] = [];
  const fields: Field[] = [];
  headers.forEach((header, index) => {
    const column = known.get(folded(header));
    if (column === undefined) {
      const why = unseen(header, names);
      const reason = `is not in the specification${why === undefined ? "" : ` (${why})`}`;
      unknown.push(`field ${index + 1} "${shownHeader(header)}" ${reason}`);
    } else if (fields.some((field) => field.column === column)) {
      unknown.push(`field ${index + 1} "${shownHeader(header)}" is a duplicate (column ${column.name})`);
    } else {
      fields.push({ header, column });
    }
  });
  const missing = spec.columns
    .filter((column) => !column.optional && !fields.some((field) => field.column === column))
    .map((column) => `column ${column.name} is missing`);
  if (unknown.length + missing.length === 0) return fields;
  const { delimiter } = spec.source;
  const other = fields.length === 0 ? otherDelimiter(headers.join(delimiter), delimiter, names) : undefined;
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
      `Update the columns or aliases in catalog/${spec.id}.ts`,
  );
}
