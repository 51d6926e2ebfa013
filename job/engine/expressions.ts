import { tableColumns, type SpecColumn, type DatasetSpec, type Period, periodColumn } from "../../dataset";
import { holdsNul, isMissing } from "../source/judge";
import type { Field } from "../schema/header";
import { parquetValue } from "./parquet-values";
import { quoteIdentifier, quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

/** A field of a Parquet file, with DuckDB's type of its column. */
export interface ParquetField extends Field {
  readonly type: string;
}

/** How the columns of a Parquet file are converted to those of a data set. */
export interface Conversion {
  /** `expression AS "name"` for each column of the table, in order. */
  readonly select: string;
  /** The reasons for which a row can be rejected. */
  readonly faults: readonly SqlFault[];
}

export interface SqlFault {
  readonly column: string;
  /** Name of the column in the file. */
  readonly header: string;
  readonly rule: string;
  /** Whether the message shows the value. */
  readonly showsValue: boolean;
  /** The SQL condition that selects these rows. */
  readonly condition: string;
}

/** The select list over the valid records of a CSV file, whose columns have the names of the specification. */
export function fromCsv(fields: readonly Field[], spec: DatasetSpec, period: Period): string {
  return selected(spec, period, (column) =>
    fields.some((field) => field.column === column) ? quoteIdentifier(column.name) : undefined,
  );
}

/** The conversion of a Parquet file, whose columns have the names and types of the file. */
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
  valueOf: (column: SpecColumn) => string | undefined,
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

/** The SQL condition that selects the valid rows. */
export function fits(faults: readonly SqlFault[]): string {
  return faults.length === 0
    ? "true"
    : faults.map(({ condition }) => `NOT coalesce(${condition}, false)`).join(" AND ");
}
