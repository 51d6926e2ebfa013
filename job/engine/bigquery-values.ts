import { type ColumnType, type DatasetSpec, type Period, periodColumn, tableColumns } from "../../dataset";
import { grammars } from "../schema/grammar";
import type { Field } from "../schema/header";

/** GoogleSQL that converts texts, by the rules of job/schema/grammar.ts. */

/** How the table of texts is converted. */
export interface TextConversion {
  /** `expression AS name` for each column of the table, in order. */
  readonly select: string;
  /** One row: the number of rows, then the number of rows with each fault. */
  readonly check: string;
  /** What the numbers of `check` after the first one count. */
  readonly faults: readonly { readonly column: string; readonly rule: string }[];
}

/**
 * The conversion of a table that has the texts of a CSV file, in columns with the names of the specification.
 *
 * @param fields the columns that the file has; all others are NULL
 */
export function fromTexts(fields: readonly Field[], spec: DatasetSpec, period: Period): TextConversion {
  const has = (name: string) => fields.some((field) => field.column.name === name);
  const select = tableColumns(spec).map(({ name, type }) => {
    if (name === periodColumn.name) return `DATE '${period.startDate}' AS \`${name}\``;
    if (!has(name)) return `CAST(NULL AS ${bigqueryTypes[type]}) AS \`${name}\``;
    return `${converted(type, textOf(name, spec))} AS \`${name}\``;
  });
  const faults = spec.columns
    .filter(({ name }) => has(name))
    .flatMap(({ name, type, mode }) => {
      const value = textOf(name, spec);
      const wrong = wrongText(type, value);
      return [
        ...(wrong === undefined
          ? []
          : [
              {
                column: name,
                rule: `is not a valid ${type}`,
                condition: `${value} IS NOT NULL AND (${wrong})`,
              },
            ]),
        ...(mode === "REQUIRED"
          ? [{ column: name, rule: "is missing, but REQUIRED", condition: `${value} IS NULL` }]
          : []),
      ];
    });
  const counts = faults.map(({ condition }, index) => `COUNTIF(${condition}) AS c${index + 1}`);
  return {
    select: select.join(", "),
    check: ["COUNT(*) AS c0", ...counts].join(", "),
    faults: faults.map(({ column, rule }) => ({ column, rule })),
  };
}

/** The names of types in GoogleSQL. */
const bigqueryTypes: Readonly<Record<ColumnType, string>> = {
  STRING: "STRING",
  INTEGER: "INT64",
  FLOAT: "FLOAT64",
  NUMERIC: "NUMERIC",
  BOOLEAN: "BOOL",
  DATE: "DATE",
  DATETIME: "DATETIME",
  TIMESTAMP: "TIMESTAMP",
};

/** The text of a field, NULL for a text of `nullValues`. A load job reads an empty field as NULL. */
function textOf(name: string, { source: { nullValues } }: DatasetSpec): string {
  const text = `COALESCE(\`${name}\`, '')`;
  if (nullValues.length === 0) return text;
  return `IF(${text} IN (${nullValues.map(textLiteral).join(", ")}), NULL, ${text})`;
}

/** The value of a valid text; NULL, or any value, of another one. */
function converted(type: ColumnType, text: string): string {
  const trimmed = `TRIM(${text}, ' \\t')`;
  switch (type) {
    case "STRING":
      return text;
    case "BOOLEAN":
      return `LOWER(${text}) IN ('true', 't', 'yes', 'y', '1')`;
    case "INTEGER": {
      const digits = String.raw`COALESCE(NULLIF(REGEXP_EXTRACT(${trimmed}, r'^[+-]?0*([0-9]*)'), ''), '0')`;
      const whole = `CONCAT(IF(STARTS_WITH(${trimmed}, '-'), '-', ''), ${digits})`;
      return `IF(${text} IS NULL, NULL, SAFE_CAST(${whole} AS INT64))`;
    }
    case "FLOAT":
      return `SAFE_CAST(${trimmed} AS FLOAT64)`;
    case "NUMERIC":
      return `SAFE_CAST(${replaced(trimmed, [decimalZeros, leadingZeros])} AS NUMERIC)`;
    case "DATE":
      return `SAFE_CAST(${trimmed} AS DATE)`;
    case "DATETIME":
      return `SAFE_CAST(${replaced(trimmed, [midnight, noSeconds, fractionZeros])} AS DATETIME)`;
    case "TIMESTAMP":
      return `SAFE_CAST(${replaced(trimmed, [midnight, noSeconds, fractionZeros, utc, shortOffset, noOffset])} AS TIMESTAMP)`;
  }
}

/** The condition that a text is not a valid value; undefined if every text is one. */
function wrongText(type: ColumnType, text: string): string | undefined {
  if (type === "STRING") return undefined;
  const value = converted(type, text);
  return [
    `NOT REGEXP_CONTAINS(${text}, r'^(?:${grammars[type].pattern})$')`,
    `${value} IS NULL`,
    ...(type === "FLOAT" ? [`IS_INF(${value}) AND REGEXP_CONTAINS(${text}, r'[0-9]')`] : []),
  ].join(" OR ");
}

/** Regular expression, and replacement. */
type Replacement = readonly [pattern: string, replacement: string];

const decimalZeros: Replacement = [String.raw`(\.[0-9]{9})0+$`, String.raw`\1`];
const leadingZeros: Replacement = [String.raw`^([+-]?)0+([0-9])`, String.raw`\1\2`];
const midnight: Replacement = ["^(.{10})$", String.raw`\1 00:00:00`];
const noSeconds: Replacement = ["^(.{10}.[0-9]{2}:[0-9]{2})$", String.raw`\1:00`];
/** GoogleSQL reads at most six decimal places; the others are zeros. */
const fractionZeros: Replacement = [String.raw`(\.[0-9]{6})0+`, String.raw`\1`];
const utc: Replacement = ["( UTC|Z)$", "+00:00"];
/** `+0530`: GoogleSQL requires the colon. */
const shortOffset: Replacement = [
  String.raw`^(.{19}(?:\.[0-9]+)?[+-][0-9]{2})([0-9]{2})$`,
  String.raw`\1:\2`,
];
const noOffset: Replacement = [String.raw`^(.{19}(?:\.[0-9]+)?)$`, String.raw`\1+00:00`];

function replaced(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce(
    (rest, [pattern, replacement]) => `REGEXP_REPLACE(${rest}, r'${pattern}', r'${replacement}')`,
    text,
  );
}

/** A literal of GoogleSQL, in ASCII. */
function textLiteral(text: string): string {
  const escaped = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === "'" || character === "\\") return `\\${character}`;
    if (code >= 32 && code < 127) return character;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `'${escaped.join("")}'`;
}
