import type { DatasetSpec } from "../../dataset";
import type { CsvContent } from "../source/extracted";
import { quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

/** The SQL that reads the records of a CSV file that fit. Everything is said: the engine detects nothing. */
export function readCsv({ file, fields, hasBreaks, longest }: CsvContent, { source }: DatasetSpec): string {
  const columns = fields.map(
    ({ column }) => `${quoteLiteral(column.name)}: ${quoteLiteral(duckdbTypes[column.type])}`,
  );
  const options = {
    auto_detect: "false",
    header: "false",
    new_line: String.raw`'\n'`,
    delim: quoteLiteral(source.delimiter),
    quote: quoteLiteral(source.quote),
    escape: quoteLiteral(source.quote),
    // Without any, one that no record that fits can hold: the engine would take the empty field.
    nullstr: `[${source.nullValues.length === 0 ? "chr(0)" : source.nullValues.map(quoteLiteral).join(", ")}]`,
    compression: "'none'",
    columns: `{${columns.join(", ")}}`,
    strict_mode: "true",
    // With several threads the engine guesses where rows begin, and line breaks in quotes lead it astray.
    parallel: String(!hasBreaks),
    hive_partitioning: "false",
    // The default of 32 MB a buffer costs 80 MB of memory and saves no time.
    buffer_size: String(Math.max(8_000_000, 4 * longest)),
    max_line_size: String(Math.max(2_000_000, longest + 1)),
  };
  const all = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  return `read_csv(${[quoteLiteral(file), ...all].join(", ")})`;
}
