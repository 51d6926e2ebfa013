import { malformed } from "./errors";
import { literal } from "./literal";

/** One column of a warehouse table; types by the names BigQuery's API returns. */
export interface TableColumn {
  readonly name: string;
  readonly type: "STRING" | "INTEGER" | "FLOAT" | "NUMERIC" | "BOOLEAN" | "DATE" | "DATETIME" | "TIMESTAMP";
  /** @default - NULLABLE */
  readonly mode?: "NULLABLE" | "REQUIRED";
  /** @default - none */
  readonly description?: string;
}

/** The columns as BigQuery's schema. */
export function schemaJson(columns: readonly TableColumn[]): string {
  return literal(
    JSON.stringify(
      columns.map(({ name, type, mode = "NULLABLE", description }) => ({
        name,
        type,
        mode,
        ...(description && { description }),
      })),
    ),
  );
}

/** What is wrong with a table's name and columns. */
export function tableFaults(name: string, columns: readonly TableColumn[]): (string | false)[] {
  const names = columns.map((column) => column.name.toLowerCase());
  return [
    malformed("name", name, /^[A-Za-z0-9_]{1,1024}$/, "letters, digits and underscores, at most 1024"),
    columns.length === 0 && "columns: must not be empty",
    ...names.map(
      (column, index) =>
        names.indexOf(column) < index && `columns: ${column} is there twice; BigQuery ignores case`,
    ),
  ];
}
