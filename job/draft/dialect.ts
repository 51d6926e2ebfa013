/** Finds out how a text is divided into records and fields. */
import { Failure } from "../failure";

/** The dialect of a CSV text, and its records. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly comment: string | undefined;
  readonly skipLines: number;
  readonly header: readonly string[];
  /** Fields of the records after the header; only those with as many fields as it. */
  readonly records: readonly (readonly string[])[];
  /** Number of records with another number of fields. */
  readonly odd: number;
}

const delimiters = [",", ";", "\t", "|"];
const comments = ["#", "//", "--", "%"];
/** Number of records that are compared. */
const maxRecords = 20_000;

/** @param name name of the file, for messages. @throws Failure permanent when no header is found */
export function dialectOf(text: string, name: string): Dialect {
  const [declared] = /^"?sep=(.)"?\r?\n/i.exec(text)?.slice(1) ?? [];
  // The declaration is no record; the numbers of the other lines do not change.
  const content = declared === undefined ? text : text.replace(/^[^\n]*/, "");
  const comment = commentOf(content);
  const candidates = (declared === undefined ? delimiters : [declared]).flatMap((delimiter) =>
    ['"', "'"].map((quote) => {
      const records = recordsOf(content, delimiter, quote, comment);
      return { delimiter, quote, records, ...shapeOf(records) };
    }),
  );
  const best = candidates.reduce((one, other) => (other.score > one.score ? other : one));
  const { delimiter, quote, records, width, start } = best;
  const header = records[start];
  if (header === undefined) throw new Failure("permanent", `${name} has no line with a header`);
  const rows = records.slice(start + 1);
  const fitting = rows.filter(({ fields }) => fields.length === width).map(({ fields }) => fields);
  return {
    delimiter,
    quote,
    comment,
    // Comments, and the declaration of the delimiter, are skipped in any case.
    skipLines: start > 0 ? header.line - 1 : 0,
    header: header.fields.map((field) => field.trim()),
    records: fitting,
    odd: rows.length - fitting.length,
  };
}

/** The text that begins comments: that of the first line, or of some lines that have it in common. */
function commentOf(text: string): string | undefined {
  const lines = text.slice(0, 100_000).split(/\r?\n/);
  return comments.find((comment) => {
    const found = lines.filter((line) => line.startsWith(comment)).length;
    const first = lines.find((line) => line.trim() !== "");
    return first?.startsWith(comment) === true
      ? found < lines.length
      : comment === "#" && found > 0 && found * 10 < lines.length;
  });
}

interface Record {
  readonly line: number;
  readonly fields: readonly string[];
}

/** The records of a text, without blank lines and comments. */
function recordsOf(text: string, delimiter: string, quote: string, comment: string | undefined): Record[] {
  const records: Record[] = [];
  let line = 1;
  for (let at = 0; at < text.length && records.length < maxRecords;) {
    const start = line;
    const lineEnd = endOfLine(text, at);
    if (comment !== undefined && text.startsWith(comment, at)) {
      at = lineEnd + 1;
      line += 1;
      continue;
    }
    const fields: string[] = [];
    let isEnd = false;
    while (!isEnd) {
      let value = "";
      if (text[at] === quote) {
        const closing = closingQuote(text, at + 1, quote);
        value = text.slice(at + 1, closing).replaceAll(quote + quote, quote);
        line += value.split("\n").length - 1;
        at = closing + 1;
      }
      const next = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at += 1;
      value += text.slice(next, at);
      isEnd = at >= text.length || text[at] === "\n";
      fields.push(isEnd ? value.replace(/\r+$/, "") : value);
      at += 1;
    }
    line += 1;
    if (fields.length > 1 || (fields[0] ?? "") !== "") records.push({ line: start, fields });
  }
  return records;
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 ? text.length : found;
}

function closingQuote(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from);
  while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
  return at < 0 ? text.length : at;
}

/** The number of fields of most records, the first of them, and how well the records match. */
function shapeOf(records: readonly Record[]): { width: number; start: number; score: number } {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [width = 1, count = 0] = [...counts].sort(([a, m], [b, n]) => n - m || b - a)[0] ?? [];
  const start = Math.max(
    0,
    records.findIndex(({ fields }) => fields.length === width && fields.some((field) => field.trim() !== "")),
  );
  // More fields are better, but one delimiter that divides all records alike is better than many fields in some. Numbers
  // as header mean that the delimiter is another character in them, such as a decimal comma.
  const share = count / Math.max(1, records.length);
  const isHeader = records[start]?.fields.some(isDatum) !== true;
  const score = (width > 1 ? 1 : 0.1) * share * (isHeader ? 1 : 0.05) + Math.min(width, 50) / 10_000;
  return { width, start, score };
}

/** Whether a text of a header looks like a value. */
export function isDatum(text: string): boolean {
  return /^[+-]?\d+([.,]\d+)*$|^\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/.test(text.trim());
}
