import { newline, type CsvDialect } from "./csv-dialect";

/**
 * Valid records with quotes around every field, so that no CSV reader can read them in another way: in the records
 * themselves, `5" pipe` is a valid field. Records without a quote are returned as they are.
 *
 * @param records complete records, each with a line feed at its end
 */
export function quotedRecords(records: Buffer, { delimiter, quote }: CsvDialect): Buffer {
  if (!records.includes(quote)) return records;
  // At most, every byte is a field of its own, or a quote that is doubled.
  const out = Buffer.allocUnsafe(records.length * 3 + 2);
  let [at, length] = [0, 0];
  const put = (byte: number) => {
    out[length] = byte;
    length += 1;
  };
  while (at < records.length) {
    put(quote);
    if (records[at] === quote) {
      for (at += 1; records[at] !== quote || records[at + 1] === quote; at += 1) {
        const byte = records[at] ?? 0;
        put(byte);
        if (byte !== quote) continue;
        put(quote);
        at += 1;
      }
      at += 1;
    } else {
      for (; records[at] !== delimiter && records[at] !== newline; at += 1) {
        const byte = records[at] ?? 0;
        put(byte);
        if (byte === quote) put(quote);
      }
    }
    put(quote);
    const end = records[at] ?? newline;
    put(end);
    at += 1;
    // An empty last field: the delimiter is followed by the line feed, which the next round reads.
  }
  return out.subarray(0, length);
}
