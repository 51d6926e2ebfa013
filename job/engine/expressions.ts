import {
  type DatasetSpec,
  extraColumn,
  type Period,
  periodColumn,
  type SpecColumn,
  tableColumns,
} from "../../dataset";
import { holdsNul, isMissing } from "../source/judge";
import { grammarOf } from "../schema/form-grammar";
import type { Field } from "../schema/header";
import { type ParquetField, parquetValue } from "./parquet-values";
import { periodLiteral, quoteIdentifier, quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

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
  return selected(spec, period, (column) => {
    const field = fields.find((candidate) => candidate.column === column);
    if (field === undefined)
      return column === extraColumn ? extraValue(fields, ({ column: { name } }) => name) : undefined;
    const found = quoteIdentifier(column.name);
    if (field.form === undefined || column.type === "STRING") return found;
    const { convert = (text: string) => text } = grammarOf(column.type, field.form);
    return `CAST(${convert(found)} AS ${duckdbTypes[column.type]})`;
  });
}

/** A JSON object with the values of the fields that are in no column; undefined when there are none. */
function extraValue<Found extends Field>(fields: readonly Found[], nameOf: (field: Found) => string) {
  const extra = fields.filter(({ role }) => role === "extra");
  if (extra.length === 0) return undefined;
  const pairs = extra.map(
    (field) => `${quoteLiteral(field.header.trim())}, ${quoteIdentifier(nameOf(field))}`,
  );
  return `CAST(json_object(${pairs.join(", ")}) AS VARCHAR)`;
}

/** The conversion of a Parquet file, whose columns have the names and types of the file. */
export function fromParquet(fields: readonly ParquetField[], spec: DatasetSpec, period: Period): Conversion {
  const faults: SqlFault[] = [];
  const select = selected(spec, period, (column) => {
    if (column === extraColumn) return extraValue(fields, ({ header }) => header);
    const field = fields.find((candidate) => candidate.column === column);
    if (field === undefined) return undefined;
    const { header } = field;
    const found = quoteIdentifier(header);
    const { value, wrong, rule } = parquetValue(field);
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
        column.name === periodColumn.name
          ? periodLiteral(period)
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
