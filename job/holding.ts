import { tableColumns, type DatasetSpec } from "../dataset";

/** What a place holds of a period: rows, and per column how many values and, for numbers, their sum. */
export interface Holding {
  /** `the lake`, `the warehouse`, `the database` */
  readonly place: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, { readonly values: number; readonly sum: number | null }>;
}

/** How a place writes SQL. */
export interface SqlSyntax {
  /** A column of the specification, by its name in that place. */
  readonly quoted: (column: string) => string;
  /** The type of floating-point numbers. */
  readonly double: string;
}

/** The SQL select list that tells a holding: `count(*)`, then count and sum of each column. */
export function holdingQuery(spec: DatasetSpec, { quoted, double }: SqlSyntax): string {
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
