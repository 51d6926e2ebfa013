import { tableColumns, type ColumnType, type DatasetSpec } from "../../dataset";
import { quoteIdentifier } from "../engine/sql";

/** Postgres counts an aggregate as an entry of the select list, and takes 1,664 of them. */
const columnsPerQuery = 800;

/** Select lists that together tell a fingerprint: of each column the number of values and their sum. */
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
 * What is summed up: the hash that Postgres keeps of a value, see HashSum. A sum of these is a numeric, which neither
 * overflows nor depends on the order.
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

/** Reads the sum of a column: of NUMERIC without its point, which has nine digits behind it. */
export function sumIn(text: unknown): bigint {
  return typeof text === "string" ? BigInt(text.replace(".", "")) : 0n;
}
