import type { DatasetSpec } from "../../dataset";
import type { CsvContent } from "../source/extracted";
import { quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

/** The SQL that reads the valid records of a CSV file. It sets every option: DuckDB detects nothing. */
export function readCsv(
  { file, fields, hasBreaks, longest, nullValues }: CsvContent,
  { source }: DatasetSpec,
): string {
  const columns = fields.map(
    // A text in another form is converted by `fromCsv`.
    ({ column, form }) =>
      `${quoteLiteral(column.name)}: ${quoteLiteral(form === undefined ? duckdbTypes[column.type] : "VARCHAR")}`,
  );
  const options = {
    auto_detect: "false",
    header: "false",
    new_line: String.raw`'\n'`,
    delim: quoteLiteral(source.delimiter),
    quote: quoteLiteral(source.quote),
    escape: quoteLiteral(source.quote),
    // Without null values, a text that no valid record contains: otherwise, DuckDB reads empty fields as NULL.
    nullstr: `[${nullValues.length === 0 ? "chr(0)" : nullValues.map(quoteLiteral).join(", ")}]`,
    compression: "'none'",
    columns: `{${columns.join(", ")}}`,
    strict_mode: "true",
    // With several threads DuckDB guesses where rows begin, and gets it wrong when quoted fields contain line breaks.
    parallel: String(!hasBreaks),
    hive_partitioning: "false",
    // The default of 32 MB per buffer uses 80 MB of memory and is no faster.
    buffer_size: String(Math.max(8_000_000, 4 * longest)),
    max_line_size: String(Math.max(2_000_000, longest + 1)),
  };
  const all = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  return `read_csv(${[quoteLiteral(file), ...all].join(", ")})`;
}
