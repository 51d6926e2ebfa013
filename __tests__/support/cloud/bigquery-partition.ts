/** Translates `table$201901` to SQL. */

/** The front cannot translate a request for the emulator, so the test must fail. */
export class Untranslatable extends Error {
  override readonly name = "Untranslatable";
}

/** The `timePartitioning` of a table, and the type of its column. */
export interface Partitioning {
  readonly column: string;
  readonly columnType: "DATE" | "DATETIME" | "TIMESTAMP";
  readonly unit: Unit;
}

export type Unit = "HOUR" | "DAY" | "MONTH" | "YEAR";

/** `trips$201901` -> `["trips", "201901"]`; undefined for a name without a partition. */
export function decorated(tableId: string): readonly [table: string, partition: string] | undefined {
  const at = tableId.indexOf("$");
  return at < 0 ? undefined : [tableId.slice(0, at), tableId.slice(at + 1)];
}

/**
 * The condition for rows in the partition; not true for a row without a value.
 *
 * @throws Untranslatable when the partition does not match the unit
 */
export function inPartition(partition: string, { column, columnType, unit }: Partitioning): string {
  const parts = shapes[unit].exec(partition)?.slice(1).map(Number);
  if (parts === undefined)
    throw new Untranslatable(`$${partition} is not a valid partition of a table with one per ${unit}`);
  const [year = 0, month = 1, day = 1, hour = 0] = parts;
  const from = new Date(Date.UTC(year, month - 1, day, hour));
  const to = new Date(from);
  switch (unit) {
    case "HOUR":
      to.setUTCHours(hour + 1);
      break;
    case "DAY":
      to.setUTCDate(day + 1);
      break;
    case "MONTH":
      to.setUTCMonth(month);
      break;
    case "YEAR":
      to.setUTCFullYear(year + 1);
  }
  const literal = (time: Date) =>
    `${columnType} '${time
      .toISOString()
      .slice(0, columnType === "DATE" ? 10 : 19)
      .replace("T", " ")}'`;
  return `\`${column}\` >= ${literal(from)} AND \`${column}\` < ${literal(to)}`;
}

const shapes: Readonly<Record<Unit, RegExp>> = {
  HOUR: /^(\d{4})(\d{2})(\d{2})(\d{2})$/,
  DAY: /^(\d{4})(\d{2})(\d{2})$/,
  MONTH: /^(\d{4})(\d{2})$/,
  YEAR: /^(\d{4})$/,
};
