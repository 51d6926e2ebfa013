import { newline, type CsvDialect } from "./csv-dialect";

const doubleQuote = 34;

/** The quote of `quotedRecords`: a double quote, unless that is the delimiter. */
export function stagedQuote({ delimiter, quote }: CsvDialect): number {
  return delimiter === doubleQuote ? quote : doubleQuote;
}

/**
 * Valid records with quotes around every field, so that no CSV reader can read them in another way: in the records
 * themselves, `5" pipe` is a valid field. Records without any quote are returned as they are.
 *
 * @param records complete records, each with a line feed at its end
 * @param dialect of the records; the delimiter stays
 */
export function quotedRecords(records: Buffer, dialect: CsvDialect): Buffer {
  const { delimiter, quote } = dialect;
  const staged = stagedQuote(dialect);
  if (!records.includes(quote) && !records.includes(staged)) return records;
  // At most, every byte is a field of its own, or a quote that is doubled.
  const out = Buffer.allocUnsafe(records.length * 3 + 2);
  let [at, length] = [0, 0];
  const put = (byte: number) => {
    out[length] = byte;
    length += 1;
  };
  const putText = (byte: number) => {
    put(byte);
    if (byte === staged) put(staged);
  };
  while (at < records.length) {
    put(staged);
    if (records[at] === quote) {
      at += 1;
      while (records[at] !== quote || records[at + 1] === quote) {
        const byte = records[at] ?? newline;
        putText(byte);
        // A doubled quote is one quote of the text.
        at += byte === quote ? 2 : 1;
      }
      at += 1;
    } else {
      for (; records[at] !== delimiter && records[at] !== newline; at += 1) putText(records[at] ?? newline);
    }
    put(staged);
    put(records[at] ?? newline);
    at += 1;
  }
  return out.subarray(0, length);
}
