import { tableColumns, type DatasetSpec } from "../../catalog/spec";
import { Failure } from "../failure";

/** What a place holds of a period: rows, and per column how many values and, for numbers, their sum. */
export interface Holding {
  /** `the lake`, `the warehouse`, `the database` */
  readonly place: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, { readonly values: number; readonly sum: number | null }>;
}

/** Sums of floating-point numbers differ in the last digits with the order of addition. */
const tolerance = 1e-9;

/**
 * Checks that every source row is in each place, or among the rejects, and that the columns add up alike.
 *
 * @throws Failure integrity naming the first place and column that differ
 */
export function verify(
  source: { readonly rows: number; readonly rejected: number },
  holdings: readonly Holding[],
): void {
  const expected = source.rows - source.rejected;
  for (const { place, rows } of holdings) {
    if (rows !== expected) {
      throw new Failure(
        "integrity",
        `${source.rows} source rows without ${source.rejected} rejected make ${expected}, but ${place} holds ${rows}; ` +
          "run again with --force to replace the period",
      );
    }
  }
  const [first, ...others] = holdings;
  if (first === undefined) return;
  for (const other of others) {
    for (const [column, { values, sum }] of first.columns) {
      const found = other.columns.get(column);
      if (found?.values !== values || !alike(found.sum, sum)) {
        throw new Failure(
          "integrity",
          `column ${column}: ${first.place} has ${values} values with the sum ${String(sum)}, ` +
            `${other.place} has ${String(found?.values)} with the sum ${String(found?.sum)}; run again with --force to replace the period`,
        );
      }
    }
  }
}

/** How a place writes SQL. */
export interface Dialect {
  /** A column of the specification, by its name in that place. */
  readonly quoted: (column: string) => string;
  /** The type of floating-point numbers. */
  readonly double: string;
}

/** The SQL select list that tells a holding: `count(*)`, then count and sum of each column. */
export function holdingQuery(spec: DatasetSpec, { quoted, double }: Dialect): string {
  const parts = tableColumns(spec).flatMap(({ name, type }) => [
    `count(${quoted(name)})`,
    ["INTEGER", "FLOAT", "NUMERIC"].includes(type) ? `sum(CAST(${quoted(name)} AS ${double}))` : "NULL",
  ]);
  // Named, because a client that returns rows by their columns' names would take two without one for the same.
  return ["count(*)", ...parts].map((part, index) => `${part} AS c${index}`).join(", ");
}

/** Reads the one row that `holdingQuery` returns. */
export function holdingOf(place: string, spec: DatasetSpec, row: readonly unknown[]): Holding {
  const columns = tableColumns(spec).map(({ name }, index) => {
    const [values, sum] = [row[1 + index * 2], row[2 + index * 2]];
    return [
      name,
      { values: Number(values), sum: sum === null || sum === undefined ? null : Number(sum) },
    ] as const;
  });
  return { place, rows: Number(row[0]), columns: new Map(columns) };
}

function alike(a: number | null, b: number | null): boolean {
  if (a === null || b === null || !Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
