import { tableColumns, type Column, type DatasetSpec, type Period, periodColumn } from "../../dataset";
import { holdsNul, isMissing } from "../source/judge";
import type { Field } from "../schema/header";
import { parquetValue } from "./parquet-values";
import { quoteIdentifier, quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

/** A field of a Parquet file, with the type that the engine gives its column. */
export interface ParquetField extends Field {
  readonly type: string;
}

/** How the columns of a data set are made from those of a Parquet file. */
export interface Conversion {
  /** `expression AS "name"` for every column of the table, in order. */
  readonly select: string;
  /** The ways in which a row may not fit. */
  readonly faults: readonly SqlFault[];
}

export interface SqlFault {
  readonly column: string;
  /** The file's column. */
  readonly header: string;
  readonly rule: string;
  /** Whether the rule is about the value, which is worth showing then. */
  readonly showsValue: boolean;
  /** The SQL condition that finds such rows. */
  readonly condition: string;
}

/** The select list over the records of a CSV file that fit, whose reader names them as the specification does. */
export function fromCsv(fields: readonly Field[], spec: DatasetSpec, period: Period): string {
  return selected(spec, period, (column) =>
    fields.some((field) => field.column === column) ? quoteIdentifier(column.name) : undefined,
  );
}

/** From a Parquet file's columns, which have the file's own names and types. */
export function fromParquet(fields: readonly ParquetField[], spec: DatasetSpec, period: Period): Conversion {
  const faults: SqlFault[] = [];
  const select = selected(spec, period, (column) => {
    const field = fields.find((candidate) => candidate.column === column);
    if (field === undefined) return undefined;
    const { header } = field;
    const found = quoteIdentifier(header);
    const { value, wrong, rule } = parquetValue(header, field.type, column);
    const about = { column: column.name, header };
    if (wrong !== "false")
      faults.push({ ...about, rule, showsValue: true, condition: `${found} IS NOT NULL AND (${wrong})` });
    if (column.type === "STRING")
      faults.push({ ...about, rule: holdsNul, showsValue: false, condition: `contains(${value}, chr(0))` });
    if (column.mode === "REQUIRED")
      faults.push({ ...about, rule: isMissing, showsValue: false, condition: `${found} IS NULL` });
    return value;
  });
  return { select, faults };
}

function selected(
  spec: DatasetSpec,
  period: Period,
  valueOf: (column: Required<Column>) => string | undefined,
): string {
  return tableColumns(spec)
    .map((column) => {
      const value =
        column === periodColumn
          ? `DATE ${quoteLiteral(period.startDate)}`
          : (valueOf(column) ?? `CAST(NULL AS ${duckdbTypes[column.type]})`);
      return `${value} AS ${quoteIdentifier(column.name)}`;
    })
    .join(", ");
}

/** The condition under which a row fits, given all the ways it may not. */
export function fits(faults: readonly SqlFault[]): string {
  return faults.length === 0
    ? "true"
    : faults.map(({ condition }) => `NOT coalesce(${condition}, false)`).join(" AND ");
}
