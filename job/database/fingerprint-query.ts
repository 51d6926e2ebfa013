import { tableColumns, type ColumnType, type DatasetSpec } from "../../dataset";
import { quoteIdentifier } from "../engine/sql";

/** Postgres allows 1,664 entries in a select list; each column requires two. */
const columnsPerQuery = 800;

/** Select lists that together compute a fingerprint: the number of values and their sum for each column. */
export function fingerprintLists(spec: DatasetSpec): readonly { names: readonly string[]; list: string }[] {
  const columns = tableColumns(spec);
  return Array.from({ length: Math.ceil(columns.length / columnsPerQuery) }, (_, page) => {
    const some = columns.slice(page * columnsPerQuery, (page + 1) * columnsPerQuery);
    const parts = some.flatMap(({ name, type }) => {
      const column = quoteIdentifier(name.toLowerCase());
      return [`count(${column})`, `sum(${summands[type](column)})::text`];
    });
    return { names: some.map(({ name }) => name), list: ["count(*)", ...parts].join(", ") };
  });
}

/**
 * What is summed: Postgres' own hash of a value, see HashSum. The sum is a numeric, which does not overflow and does
 * not depend on the order.
 */
const summands: Readonly<Record<ColumnType, (column: string) => string>> = {
  STRING: (column) => `hashtextextended(${column}, 0)`,
  INTEGER: (column) => `hashint8extended(${column}, 0)`,
  FLOAT: (column) => `hashfloat8extended(${column}, 0)`,
  NUMERIC: (column) => column,
  BOOLEAN: (column) => `hashint4extended(${column}::int, 0)`,
  DATE: (column) => `hashint4extended(${column} - DATE '2000-01-01', 0)`,
  DATETIME: (column) => `timestamp_hash_extended(${column}, 0)`,
  TIMESTAMP: (column) => `timestamp_hash_extended(${column} AT TIME ZONE 'UTC', 0)`,
};

/** Parses the sum of a column. For NUMERIC, with nine digits after the decimal point, the result is the sum times 10^9. */
export function sumIn(text: unknown): bigint {
  return typeof text === "string" ? BigInt(text.replace(".", "")) : 0n;
}
