import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { DuckDBConnection } from "@duckdb/node-api";
import { parse } from "csv-parse";
import type { Column, DatasetSpec } from "../../dataset";
import type { Reject } from "../records";
import { linesAt } from "../source/line-numbers";
import type { CsvContent } from "../source/extracted";
import { holdsNul, isMissing, notWhole, wholeNumber } from "./expressions";
import type { Field } from "./header";
import { queryRows } from "./rows";

/** The lines that the CSV reader put aside, from its own table of errors; the first error of each line. */
export async function readerRejects(
  connection: DuckDBConnection,
  table: string,
  content: CsvContent,
  fields: readonly Field[],
): Promise<Reject[]> {
  const columns = new Map(fields.map(({ column }) => [column.name, column]));
  const rows = await queryRows(
    connection,
    `SELECT line_byte_position - 1 AS start, column_name, error_type, error_message, csv_line FROM ${table}
     QUALIFY row_number() OVER (PARTITION BY line_byte_position ORDER BY column_idx) = 1 ORDER BY start`,
  );
  if (rows.length === 0) return [];
  // The reader's own line numbers leave out line breaks in quotes, and go astray over blank lines.
  const lines = await linesAt(
    textOf(content),
    rows.map(({ start }) => Number(start)),
  );
  return rows.map((row, index) => {
    const type = String(row["error_type"]);
    // Where fields are too few or too many, the column the reader names is not at fault.
    const column = type === "CAST" ? columns.get(String(row["column_name"])) : undefined;
    return {
      line: lines[index] ?? 0,
      column: column?.name ?? null,
      reason: readerReason(type, String(row["error_message"]), column),
      raw: String(row["csv_line"]).replace(outerBreaks, ""),
    };
  });
}

/** Line breaks before and after a record; those inside are in quotes. */
const outerBreaks = /^[\r\n]+|[\r\n]+$/g;

function readerReason(type: string, message: string, column: Column | undefined): string {
  const text = /Could not convert string "(.*)" to '/s.exec(message)?.[1];
  if (column !== undefined && text !== undefined) return `"${text}" cannot be read as ${column.type}`;
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (counts !== null) {
    // The reader counts up as it goes: for too few it reports each column it lacks.
    return type === "MISSING COLUMNS"
      ? `has fewer than ${counts[1] ?? ""} fields`
      : `has more than ${counts[1] ?? ""} fields`;
  }
  return message.split("\n")[0] ?? type;
}

/**
 * Finds the lines that the reader accepted but whose values do not fit: whole numbers that are none, texts that
 * no database takes, and REQUIRED columns that are empty. It reads the file a second time, so it is only called when there are some.
 *
 * @param known lines that are already put aside
 * @param limit how many are of interest; if there are more, the rest of the file is not read
 */
export async function valueRejects(
  content: CsvContent,
  fields: readonly Field[],
  { source }: Pick<DatasetSpec, "source">,
  known: ReadonlySet<number>,
  limit: number,
): Promise<Reject[]> {
  const parser = textOf(content).pipe(
    parse({
      delimiter: source.delimiter,
      quote: source.quote,
      escape: source.quote,
      bom: true,
      info: true,
      raw: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }),
  );
  const found: { readonly start: number; readonly reject: Omit<Reject, "line"> }[] = [];
  let start = 0;
  for await (const { record, info, raw } of parser as AsyncIterable<ParsedRecord>) {
    const reject = start === 0 ? undefined : rejectOf(record, fields, source.nullValues);
    if (reject !== undefined) found.push({ start, reject: { ...reject, raw: raw.replace(outerBreaks, "") } });
    if (found.length > limit + known.size) break;
    start = info.bytes;
  }
  // The parser's line numbers count a CRLF in quotes twice.
  const lines = await linesAt(
    textOf(content),
    found.map((row) => row.start),
  );
  return found
    .map(({ reject }, index) => ({ line: lines[index] ?? 0, ...reject }))
    .filter(({ line }) => !known.has(line));
}

function textOf({ file, compression }: CsvContent): Readable {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  return compression === "gzip" ? bytes.pipe(createGunzip({ chunkSize: 256 << 10 })) : bytes;
}

interface ParsedRecord {
  readonly record: readonly string[];
  /** Bytes up to and with the line break after the record. */
  readonly info: { readonly bytes: number };
  /** Blank lines before the record too. */
  readonly raw: string;
}

/** The first field that does not fit. */
function rejectOf(
  record: readonly string[],
  fields: readonly Field[],
  nullValues: readonly string[],
): Pick<Reject, "column" | "reason"> | undefined {
  for (const [index, field] of fields.entries()) {
    const reason = faultOf(field, record[index] ?? "", nullValues);
    if (reason !== undefined) return { column: field.column.name, reason };
  }
  return undefined;
}

const whole = new RegExp(`^(?:${wholeNumber})$`);

function faultOf({ column }: Field, text: string, nullValues: readonly string[]): string | undefined {
  if (nullValues.includes(text)) return column.mode === "REQUIRED" ? isMissing : undefined;
  if (column.type === "STRING" && text.includes("\0")) return holdsNul;
  if (column.type !== "INTEGER") return undefined;
  return whole.test(text) && BigInt.asIntN(64, wholePart(text)) === wholePart(text)
    ? undefined
    : `"${text}" ${notWhole}`;
}

function wholePart(text: string): bigint {
  const [digits = ""] = text.trim().replace(/^\+/, "").split(".");
  return BigInt(digits === "" || digits === "-" ? 0 : digits);
}
