import type { ColumnType } from "../../dataset";
import { grammarOf } from "../schema/form-grammar";
import type { Field } from "../schema/header";
import type { TextForm } from "../schema/text-form";
import { quoteIdentifier, quoteLiteral } from "./sql";
import { duckdbTypes } from "./types";

/** How a value of a Parquet file is converted to the type of a column, in DuckDB's SQL. */
export interface ParquetValue {
  readonly value: string;
  /** The condition under which a non-NULL value is rejected: it cannot be converted without loss. Can be NULL. */
  readonly wrong: string;
  /** The reason: `is not a valid DATE: …`. */
  readonly rule: string;
}

/** DuckDB's types of Parquet columns, grouped by how they convert. */
type SourceKind =
  | { readonly kind: "text" | "bytes" | "boolean" | "integer" | "date" | "instant" | "other" }
  /** Floating point. */
  | { readonly kind: "real"; readonly type: string }
  | { readonly kind: "decimal"; readonly type: string }
  /** Times without a zone, in any unit. */
  | { readonly kind: "local"; readonly type: string };

/** A field of a Parquet file, with DuckDB's type of its column. */
export interface ParquetField extends Field {
  readonly type: string;
}

/**
 * The rule is the same as for CSV: a value is valid if converting it to the column's type and back returns the same
 * value. Types that do not convert are rejected value by value, because a column of NULL alone can have any type.
 */
export function parquetValue({ header, type, column, form }: ParquetField): ParquetValue {
  const found = quoteIdentifier(header);
  const source = kindOf(type);
  const converted =
    source.kind === "text" && column.type !== "STRING"
      ? fromText(column.type, found, form)
      : conversions[column.type](found, source);
  if (converted !== undefined && form?.timeZone !== undefined && ["date", "local"].includes(source.kind)) {
    const value = `timezone(${quoteLiteral(form.timeZone)}, ${localTime(found, source).value})`;
    const wrong = `${converted.wrong} OR ${outOfRange(value, "TIMESTAMPTZ")}`;
    return { rule: ruleOf(column.type, form), value, wrong };
  }
  if (converted !== undefined) return { rule: ruleOf(column.type, form), ...converted };
  return {
    value: `CAST(NULL AS ${duckdbTypes[column.type]})`,
    wrong: "true",
    rule: `is of type ${type}, which does not convert to ${column.type}`,
  };
}

type Converted = Pick<ParquetValue, "value" | "wrong"> & { readonly rule?: string };
type Conversion = (found: string, source: SourceKind) => Converted | undefined;

const conversions: Readonly<Record<ColumnType, Conversion>> = {
  STRING: (found, source) => {
    const text = `CAST(${found} AS VARCHAR)`;
    switch (source.kind) {
      case "text":
      case "boolean":
      case "integer":
      case "decimal":
      case "real":
        return { value: text, wrong: "false" };
      case "date":
      case "local":
      case "instant":
        return {
          value: text,
          wrong: outOfRange(`TRY_CAST(${found} AS ${rangeType(source)})`, rangeType(source)),
        };
      case "bytes": {
        // Impala, Hive and old versions of Spark write text without the UTF8 annotation.
        const decoded = `TRY(decode(${found}))`;
        return { value: decoded, wrong: `${decoded} IS NULL`, rule: "is not valid UTF-8" };
      }
      case "other":
        return undefined;
    }
  },
  INTEGER: (found, source) => {
    const value = `TRY_CAST(${found} AS BIGINT)`;
    switch (source.kind) {
      case "integer":
        return { value, wrong: `${value} IS NULL` };
      case "real":
      case "decimal":
        return { value, wrong: isAnother(`TRY_CAST(${value} AS ${source.type})`, found) };
      default:
        return undefined;
    }
  },
  FLOAT: (found, source) => {
    switch (source.kind) {
      case "real":
        return { value: `CAST(${found} AS DOUBLE)`, wrong: "false" };
      case "integer": {
        const value = `CAST(${found} AS DOUBLE)`;
        return { value, wrong: isAnother(`TRY_CAST(${value} AS HUGEINT)`, found) };
      }
      case "decimal": {
        // Text is rounded once; DuckDB's direct cast divides, which rounds again.
        const value = `TRY_CAST(CAST(${found} AS VARCHAR) AS DOUBLE)`;
        return { value, wrong: isAnother(`TRY_CAST(CAST(${value} AS VARCHAR) AS ${source.type})`, found) };
      }
      default:
        return undefined;
    }
  },
  NUMERIC: (found, source) => {
    const value = `TRY_CAST(${found} AS ${duckdbTypes.NUMERIC})`;
    switch (source.kind) {
      case "integer":
        return { value, wrong: `${value} IS NULL` };
      case "decimal":
        return { value, wrong: isAnother(`TRY_CAST(${value} AS ${source.type})`, found) };
      case "real": {
        const digits = `TRY_CAST(CAST(${found} AS VARCHAR) AS ${duckdbTypes.NUMERIC})`;
        const back = `TRY_CAST(CAST(${digits} AS VARCHAR) AS ${source.type})`;
        return { value: digits, wrong: isAnother(back, found) };
      }
      default:
        return undefined;
    }
  },
  BOOLEAN: (found, source) => {
    switch (source.kind) {
      case "boolean":
        return { value: found, wrong: "false" };
      case "integer":
      case "decimal":
      case "real":
        return { value: `(${found} = 1)`, wrong: `${found} NOT IN (0, 1)` };
      default:
        return undefined;
    }
  },
  DATE: (found, source) => {
    switch (source.kind) {
      case "date":
        return { value: found, wrong: outOfRange(found, "DATE") };
      case "local": {
        const value = `TRY_CAST(${found} AS DATE)`;
        const wrong = `${isAnother(`TRY_CAST(${value} AS ${source.type})`, found)} OR ${outOfRange(value, "DATE")}`;
        return { value, wrong };
      }
      default:
        return undefined;
    }
  },
  DATETIME: (found, source) => {
    switch (source.kind) {
      case "date":
      case "local":
        return localTime(found, source);
      default:
        return undefined;
    }
  },
  TIMESTAMP: (found, source) => {
    switch (source.kind) {
      case "instant":
        return { value: found, wrong: outOfRange(found, "TIMESTAMPTZ") };
      // As in CSV, a time without an offset is UTC.
      case "date":
      case "local": {
        const { value, wrong } = localTime(found, source);
        return { value: `CAST(${value} AS TIMESTAMPTZ)`, wrong };
      }
      default:
        return undefined;
    }
  },
};

function localTime(found: string, source: SourceKind): Converted {
  const value = `TRY_CAST(${found} AS TIMESTAMP)`;
  const back =
    source.kind === "local" ? `${isAnother(`TRY_CAST(${value} AS ${source.type})`, found)} OR ` : "";
  return { value, wrong: back + outOfRange(value, "TIMESTAMP") };
}

function fromText(type: Exclude<ColumnType, "STRING">, found: string, form: TextForm | undefined): Converted {
  const {
    pattern,
    characters = pattern,
    convert = (plain: string) => plain,
    beyondSql,
  } = grammarOf(type, form);
  const text = `CAST(${found} AS VARCHAR)`;
  const matches = `regexp_full_match(${text}, ${quoteLiteral(characters)})`;
  // Cast only what matches: DuckDB applies the time zone of one value to the rows that follow.
  const value = `CASE WHEN ${matches} THEN TRY_CAST(${convert(text)} AS ${duckdbTypes[type]}) END`;
  const beyond = beyondSql === undefined ? "" : ` OR ${beyondSql(text, value)}`;
  return { value, wrong: `${value} IS NULL${beyond}` };
}

function ruleOf(type: ColumnType, form: TextForm | undefined): string {
  return type === "STRING"
    ? "is not a valid STRING"
    : `is not a valid ${type}: ${grammarOf(type, form).expected}`;
}

function isAnother(back: string, found: string): string {
  return `${back} IS DISTINCT FROM ${found}`;
}

type RangeType = "DATE" | "TIMESTAMP" | "TIMESTAMPTZ";

function rangeType({ kind }: SourceKind): RangeType {
  if (kind === "date") return "DATE";
  return kind === "instant" ? "TIMESTAMPTZ" : "TIMESTAMP";
}

/** The condition under which a time is outside the years that all destinations can store; true for NULL and infinity. */
function outOfRange(value: string, type: RangeType): string {
  const zone = type === "TIMESTAMPTZ" ? "Z" : "";
  const [first, last] = type === "DATE" ? ["", ""] : [` 00:00:00${zone}`, ` 23:59:59.999999${zone}`];
  return `NOT coalesce(${value} BETWEEN ${type} '0001-01-01${first}' AND ${type} '9999-12-31${last}', false)`;
}

function kindOf(type: string): SourceKind {
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return { kind: "integer" };
  if (type === "FLOAT" || type === "DOUBLE") return { kind: "real", type };
  const digits = Number(/^DECIMAL\((\d+),\d+\)$/.exec(type)?.[1]);
  if (digits <= 38) return { kind: "decimal", type };
  if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(type)) return { kind: "local", type };
  if (type === "TIMESTAMP WITH TIME ZONE") return { kind: "instant" };
  if (type === "VARCHAR" || type === "UUID" || type === "JSON" || type.startsWith("ENUM("))
    return { kind: "text" };
  if (type === "BLOB") return { kind: "bytes" };
  if (type === "BOOLEAN") return { kind: "boolean" };
  if (type === "DATE") return { kind: "date" };
  return { kind: "other" };
}
