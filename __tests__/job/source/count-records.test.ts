import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { RecordCounter } from "../../../job/source/count-records";
import { withoutReturns } from "../../../job/source/even-line-ends";

const dialect = { delimiter: ",".charCodeAt(0), quote: '"'.charCodeAt(0) };

const fields = fc.oneof(
  fc.stringMatching(/^[a-z0-9 .]{0,6}$/),
  fc
    .array(fc.constantFrom("a", ",", "\n", "\r\n", '""', "é"), { maxLength: 5 })
    .map((parts) => `"${parts.join("")}"`),
);
const lines = fc.oneof(
  { weight: 8, arbitrary: fc.array(fields, { minLength: 2, maxLength: 4 }).map((line) => line.join(",")) },
  { weight: 1, arbitrary: fc.constant("") },
);
const texts = fc
  .array(fc.tuple(lines, fc.constantFrom("\n", "\r\n")), { minLength: 1, maxLength: 12 })
  .map((all) => all.map(([line, end]) => line + end).join(""));

/** The text in pieces of any size. */
function pieces(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function counted(text: string, size: number): RecordCounter {
  const counter = new RecordCounter(dialect);
  for (const piece of pieces(text, size)) counter.push(piece);
  return counter;
}

test("it counts what a CSV parser finds, however the text is cut into pieces", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, size) => {
      const records: unknown[] = parse(text, {
        relax_column_count: true,
        skip_empty_lines: true,
        record_delimiter: ["\r\n", "\n"],
      });
      expect(counted(text, size).finish()).toBe(records.length);
    }),
    { numRuns: 500 },
  );
});

test("it counts a last line without a line break", () => {
  expect(counted("a,b\n1,2\n3,4", 4).finish()).toBe(3);
});

test("it tells how records end, and not how quoted text does", () => {
  expect(counted('a\r\n"x\ny"\r\n', 3).lineEnds).toBe("crlf");
  expect(counted('a\n"x\r\ny"\n', 3).lineEnds).toBe("lf");
  expect(counted("a\nb\r\n", 3).lineEnds).toBe("mixed");
});

test("it knows when a text ends inside quotes", () => {
  expect(counted('a,b\n1,"open', 3).open).toBe(true);
  expect(counted('a,b\n1,"shut"', 3).open).toBe(false);
});

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

test("evened line ends are line feeds; quoted ones stay; records and lines stay the same", async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 40 }), async (text, size) => {
      const parts: Buffer[] = [];
      for await (const part of withoutReturns(stream(pieces(text, size)), dialect))
        parts.push(Buffer.from(part));
      const evened = Buffer.concat(parts).toString();
      expect(counted(evened, size).lineEnds).toBe("lf");
      expect(counted(evened, size).lines).toBe(counted(text, size).lines);
      const options = { relax_column_count: true, skip_empty_lines: true, record_delimiter: ["\r\n", "\n"] };
      expect(parse(evened, options)).toEqual(parse(text, options));
    }),
  );
});
