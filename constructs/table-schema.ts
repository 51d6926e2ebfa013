import { malformed } from "./errors";
import { escapeTemplates } from "./escape-templates";

/** One column of a warehouse table. */
export interface TableColumn {
  /** Letters, digits and underscores; upper and lower case are the same to BigQuery. */
  readonly name: string;
  /** By the names BigQuery's API returns; `RECORD` is a column of columns. */
  readonly type: ColumnType;
  /** `REPEATED` is a list of values. @default - NULLABLE */
  readonly mode?: "NULLABLE" | "REQUIRED" | "REPEATED";
  /** @default - none */
  readonly description?: string;
  /** The columns inside a `RECORD`. @default - none */
  readonly fields?: readonly TableColumn[];
}

type ColumnType =
  | "STRING"
  | "BYTES"
  | "INTEGER"
  | "FLOAT"
  | "NUMERIC"
  | "BIGNUMERIC"
  | "BOOLEAN"
  | "DATE"
  | "DATETIME"
  | "TIME"
  | "TIMESTAMP"
  | "GEOGRAPHY"
  | "JSON"
  | "RECORD";

/** The columns as BigQuery's schema. */
export function schemaJson(columns: readonly TableColumn[]): string {
  return escapeTemplates(JSON.stringify(columns.map(field)));
}

function field({ name, type, mode = "NULLABLE", description, fields }: TableColumn): object {
  return {
    name,
    type,
    mode,
    ...(description && { description }),
    ...(fields && { fields: fields.map(field) }),
  };
}

/** What is wrong with a table's name and columns. */
export function tableFaults(name: string, columns: readonly TableColumn[]): (string | false)[] {
  return [
    malformed("name", name, /^[A-Za-z0-9_]{1,1024}$/, "letters, digits and underscores, at most 1024"),
    ...columnFaults("columns", columns),
  ];
}

function columnFaults(prop: string, columns: readonly TableColumn[]): (string | false)[] {
  const names = columns.map((column) => column.name.toLowerCase());
  return [
    columns.length === 0 && `${prop}: must not be empty`,
    ...names.map(
      (column, index) =>
        names.indexOf(column) < index && `${prop}: ${column} is there twice; BigQuery ignores case`,
    ),
    ...columns.flatMap(({ name, type, fields }) =>
      type === "RECORD"
        ? columnFaults(`${prop}.${name}.fields`, fields ?? [])
        : [fields !== undefined && `${prop}.${name}.fields: only a RECORD has columns inside, not ${type}`],
    ),
  ];
}
