import { tableColumns, type ColumnType, type DatasetSpec } from "../../dataset";

/**
 * A figure that is compared between BigQuery and a file of the lake. For numbers and times, BigQuery and DuckDB have no
 * hash function in common: both compute counts, minimum and maximum, and sums that do not overflow and do not depend on
 * the order.
 */
export interface Comparison {
  readonly column: string;
  readonly figure: string;
  /** The figure in BigQuery's SQL; `duckdb`: in DuckDB's. */
  readonly bigquery: string;
  readonly duckdb: string;
  /** Sums of floating-point numbers differ in the last digits with the order of addition. */
  readonly isApproximate: boolean;
}

export function comparisons(spec: DatasetSpec): readonly Comparison[] {
  return tableColumns(spec).flatMap(({ name, type }) => {
    const [bigquery, duckdb] = [`\`${name}\``, `"${name}"`];
    return [
      exact("non-NULL values", `COUNT(${bigquery})`, `count(${duckdb})`),
      ...figures[type](bigquery, duckdb),
    ].map((figure) => ({ column: name, ...figure }));
  });
}

type Figure = Omit<Comparison, "column">;

/** A prime below 2^31: sums of remainders fit into 64 bits, and no pattern in the values is a multiple of it. */
const modulus = 2_147_483_647;

const figures: Readonly<Record<ColumnType, (bigquery: string, duckdb: string) => readonly Figure[]>> = {
  STRING: (bigquery, duckdb) => [
    exact("bytes", `SUM(BYTE_LENGTH(${bigquery}))`, `sum(strlen(${duckdb}))`),
    exact(
      "sum of hashes",
      `CAST(SUM(CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(${bigquery})), 1, 8)) AS INT64)) AS STRING)`,
      `CAST(sum(CAST('0x' || substr(md5(${duckdb}), 1, 8) AS BIGINT)) AS VARCHAR)`,
    ),
  ],
  INTEGER: (bigquery, duckdb) => whole(bigquery, duckdb),
  FLOAT: (bigquery, duckdb) => {
    // NaN and infinity cannot be summed; the number of finite values reveals them, too.
    const finite = `IF(IS_NAN(${bigquery}) OR IS_INF(${bigquery}), NULL, ${bigquery})`;
    const other = `CASE WHEN isfinite(${duckdb}) THEN ${duckdb} END`;
    return [
      exact("finite values", `COUNT(${finite})`, `count(${other})`),
      exact("minimum", `MIN(${finite})`, `min(${other})`),
      exact("maximum", `MAX(${finite})`, `max(${other})`),
      // Scaled down: a sum of the largest numbers would overflow.
      { ...exact("sum", `SUM(${finite} * 1e-20)`, `sum(${other} * 1e-20)`), isApproximate: true },
    ];
  },
  NUMERIC: (bigquery, duckdb) => [
    exact("minimum", `CAST(MIN(${bigquery}) AS STRING)`, `CAST(min(${duckdb}) AS VARCHAR)`),
    exact("maximum", `CAST(MAX(${bigquery}) AS STRING)`, `CAST(max(${duckdb}) AS VARCHAR)`),
    {
      ...exact("sum", `SUM(CAST(${bigquery} AS FLOAT64))`, `sum(CAST(${duckdb} AS DOUBLE))`),
      isApproximate: true,
    },
  ],
  BOOLEAN: (bigquery, duckdb) => [
    exact("true values", `SUM(CAST(${bigquery} AS INT64))`, `sum(CAST(${duckdb} AS BIGINT))`),
  ],
  DATE: (bigquery, duckdb) =>
    whole(`DATE_DIFF(${bigquery}, DATE '2000-01-01', DAY)`, `date_diff('day', DATE '2000-01-01', ${duckdb})`),
  DATETIME: (bigquery, duckdb) =>
    whole(`DATETIME_DIFF(${bigquery}, DATETIME '1970-01-01 00:00:00', MICROSECOND)`, `epoch_us(${duckdb})`),
  TIMESTAMP: (bigquery, duckdb) => whole(`UNIX_MICROS(${bigquery})`, `epoch_us(${duckdb})`),
};

function whole(bigquery: string, duckdb: string): readonly Figure[] {
  return [
    // As texts: BigQuery's client returns integers as numbers, which are exact up to 2^53 only.
    exact("minimum", `CAST(MIN(${bigquery}) AS STRING)`, `CAST(min(${duckdb}) AS VARCHAR)`),
    exact("maximum", `CAST(MAX(${bigquery}) AS STRING)`, `CAST(max(${duckdb}) AS VARCHAR)`),
    exact(
      "sum of remainders",
      `CAST(SUM(MOD(${bigquery}, ${modulus})) AS STRING)`,
      `CAST(sum(${duckdb} % ${modulus}) AS VARCHAR)`,
    ),
  ];
}

function exact(figure: string, bigquery: string, duckdb: string): Figure {
  return { figure, bigquery, duckdb, isApproximate: false };
}

/** One sentence for each column with a difference, about the first figure that differs. */
export function differing(
  spec: DatasetSpec,
  lake: readonly unknown[],
  warehouse: readonly unknown[],
): readonly string[] {
  const found = new Map<string, string>();
  comparisons(spec).forEach(({ column, figure, isApproximate }, index) => {
    const [mine, theirs] = [lake[index], warehouse[index]];
    if (found.has(column) || (isApproximate ? areClose(mine, theirs) : areEqual(mine, theirs))) return;
    found.set(
      column,
      `column ${column}: ${figure}: the lake has ${shown(mine)}, the warehouse has ${shown(theirs)}`,
    );
  });
  return [...found.values()];
}

function areEqual(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  return canonical(a) === canonical(b);
}

/** Normalizes numbers: one client returns integers as text, and decimals with trailing zeros, the other does not. */
function canonical(value: unknown): string {
  const text = shown(value);
  if (/^-?\d+(\.\d+)?$/.test(text)) return text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const number = Number(text);
  return Number.isNaN(number) ? text : String(number);
}

const tolerance = 1e-9;

function areClose(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? value
    : typeof value === "number"
      ? String(value)
      : JSON.stringify(value);
}
