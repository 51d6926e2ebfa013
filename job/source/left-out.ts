import type { Field } from "../schema/header";
import type { CsvDialect } from "./csv-dialect";

/**
 * A record without the values of the fields that are left out: they must not be stored among the rejects either.
 *
 * @returns undefined when the fields cannot be told apart
 */
export function withoutFields(
  record: Buffer,
  fields: readonly Field[],
  dialect: CsvDialect,
): Buffer | undefined {
  const pieces = split(record, dialect);
  if (pieces?.length !== fields.length) return undefined;
  const kept = pieces.map((piece, index) => (fields[index]?.role === "left out" ? Buffer.alloc(0) : piece));
  const delimiter = Buffer.from([dialect.delimiter]);
  return Buffer.concat(kept.flatMap((piece, index) => (index === 0 ? [piece] : [delimiter, piece])));
}

/** The fields of a record, with their quotes; undefined when it has text around quotes, or a missing one. */
function split(record: Buffer, { delimiter, quote }: CsvDialect): Buffer[] | undefined {
  const pieces: Buffer[] = [];
  for (let from = 0; from <= record.length;) {
    let end = record.indexOf(delimiter, from);
    if (record[from] === quote) {
      let close = record.indexOf(quote, from + 1);
      while (close >= 0 && record[close + 1] === quote) close = record.indexOf(quote, close + 2);
      if (close < 0) return undefined;
      end = close + 1 === record.length ? -1 : close + 1;
      if (end >= 0 && record[end] !== delimiter) return undefined;
    }
    const to = end < 0 ? record.length : end;
    pieces.push(record.subarray(from, to));
    from = to + 1;
  }
  return pieces;
}
