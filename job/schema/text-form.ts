import type { SpecColumn, SpecSource } from "../../dataset";

/** How the texts of a column are written, where they differ from the standard form of its type. */
export interface TextForm {
  readonly decimal: "." | ",";
  /** Between groups of three digits; empty if there are no groups. */
  readonly thousands: string;
  /** Of dates and times, as for strptime. @default - ISO 8601 */
  readonly format?: string;
  /** Of times without an offset. @default - UTC */
  readonly timeZone?: string;
}

/** The form of a column's texts; undefined if it is the standard one. */
export function textForm(column: SpecColumn, source: SpecSource): TextForm | undefined {
  const { decimal = ".", thousands = "" } = source;
  const standard = { decimal: ".", thousands: "" } as const;
  switch (column.type) {
    case "STRING":
    case "BOOLEAN":
      return undefined;
    case "INTEGER":
    case "FLOAT":
    case "NUMERIC":
      return decimal === "." && thousands === "" ? undefined : { decimal, thousands };
    case "DATE":
    case "DATETIME":
    case "TIMESTAMP": {
      const format = column.format ?? (column.type === "DATE" ? source.dateFormat : source.dateTimeFormat);
      const isUtc = source.timeZone === undefined || /^(etc\/)?(utc|gmt|zulu)$/i.test(source.timeZone);
      const timeZone = column.type === "TIMESTAMP" && !isUtc ? source.timeZone : undefined;
      if (format === undefined && timeZone === undefined) return undefined;
      return {
        ...standard,
        ...(format !== undefined && { format }),
        ...(timeZone !== undefined && { timeZone }),
      };
    }
  }
}
