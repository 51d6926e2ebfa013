import { tableColumns, type Column, type DatasetSpec, type Period, periodColumn } from "../../dataset";
import type { Field } from "./header";
import { quoteIdentifier, quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

/** How the columns of a data set are made from the columns a reader returns. */
export interface Conversion {
  /** `expression AS "name"` for every column of the table, in order. */
  readonly select: string;
  /** For each way a row may not fit: the column, why, and the SQL condition that finds such rows. */
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly column: string;
  readonly reason: string;
  readonly condition: string;
}

/**
 * Whole numbers as text. The engine would read `1.5` into an INTEGER column as 2; `1.0`, which some writers make
 * of whole numbers, loses nothing. Written for two engines, whose `\s` are not the same.
 */
export const wholeNumber = String.raw`[ \t\r\n\f]*[+-]?([0-9]+(\.0*)?|\.0+)[ \t\r\n\f]*`;
export const notWhole = "is not a whole number of 64 bits";
export const holdsNul = "holds a NUL character, which Postgres cannot store";
export const isMissing = "is missing, and the column is REQUIRED";

/** The type a CSV reader is asked for: it reports what does not fit by line, all but whole numbers. */
export function csvReaderType(column: Column): string {
  return column.type === "INTEGER" ? "VARCHAR" : duckdbTypes[column.type];
}

/** From a CSV reader's columns, named as in the specification. */
export function fromCsv(fields: readonly Field[], spec: DatasetSpec, period: Period): Conversion {
  return conversion(fields, spec, period, ({ column }) => {
    const text = quoteIdentifier(column.name);
    if (column.type !== "INTEGER") return { value: text, faults: [] };
    const value = `TRY_CAST(${text} AS BIGINT)`;
    const condition = `${text} IS NOT NULL AND (NOT regexp_full_match(${text}, ${quoteLiteral(wholeNumber)}) OR ${value} IS NULL)`;
    return { value, faults: [{ column: column.name, reason: notWhole, condition }] };
  });
}

/** From a Parquet file's columns, which have the file's own names and types. */
export function fromParquet(fields: readonly Field[], spec: DatasetSpec, period: Period): Conversion {
  return conversion(fields, spec, period, ({ header, column }) => {
    const found = quoteIdentifier(header);
    const value = `TRY_CAST(${found} AS ${duckdbTypes[column.type]})`;
    const whole =
      column.type === "INTEGER"
        ? ` OR TRY_CAST(${found} AS DOUBLE) <> trunc(TRY_CAST(${found} AS DOUBLE))`
        : "";
    const reason = column.type === "INTEGER" ? notWhole : `cannot be read as ${column.type}`;
    return {
      value,
      faults: [
        { column: column.name, reason, condition: `${found} IS NOT NULL AND (${value} IS NULL${whole})` },
      ],
    };
  });
}

function conversion(
  fields: readonly Field[],
  spec: DatasetSpec,
  period: Period,
  convert: (field: Field) => { readonly value: string; readonly faults: readonly Fault[] },
): Conversion {
  const parts = tableColumns(spec).map((column) => {
    const name = quoteIdentifier(column.name);
    if (column === periodColumn)
      return { select: `DATE ${quoteLiteral(period.startDate)} AS ${name}`, faults: [] };
    const field = fields.find((candidate) => candidate.column === column);
    if (field === undefined)
      return { select: `CAST(NULL AS ${duckdbTypes[column.type]}) AS ${name}`, faults: [] };
    const { value, faults } = convert(field);
    const nul = { column: column.name, reason: holdsNul, condition: `contains(${value}, chr(0))` };
    const missing = { column: column.name, reason: isMissing, condition: `${value} IS NULL` };
    return {
      select: `${value} AS ${name}`,
      faults: [
        ...faults,
        ...(column.type === "STRING" ? [nul] : []),
        ...(column.mode === "REQUIRED" ? [missing] : []),
      ],
    };
  });
  return {
    select: parts.map((part) => part.select).join(", "),
    faults: parts.flatMap((part) => part.faults),
  };
}

/** The condition under which a row fits, given all the ways it may not. */
export function fits(faults: readonly Fault[]): string {
  return faults.length === 0
    ? "true"
    : faults.map(({ condition }) => `NOT coalesce(${condition}, false)`).join(" AND ");
}
