import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { quotedRecords } from "../../../job/source/quoted-records";

const dialect = { delimiter: 44, quote: 34 };
const quoted = (text: string) => quotedRecords(Buffer.from(text), dialect).toString();

test("records with a quote have quotes around every field", () => {
  expect(quoted('a,5" pipe,"x, ""y""\nz",\n,"",b\n')).toBe('"a","5"" pipe","x, ""y""\nz",""\n"","","b"\n');
});

test("another quote becomes a double quote, and a double quote is text", () => {
  const text = Buffer.from("a;'it''s';say \"x\"\n;'';b\n");
  expect(quotedRecords(text, { delimiter: 59, quote: 39 }).toString()).toBe(
    '"a";"it\'s";"say ""x"""\n"";"";"b"\n',
  );
});

test("records without a quote stay as they are", () => {
  expect(quoted("a, b ,\n,,\n")).toBe("a, b ,\n,,\n");
});

test("any values are read as they were written", () => {
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "ä", "\t"), maxLength: 8 }),
    fc.string(),
  );
  const field = (text: string, always: boolean) =>
    always || /["\n\r,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (rows, always) => {
        const text = rows
          .map((row) => `${row.map((one) => field(one.replaceAll("\0", ""), always)).join(",")}\n`)
          .join("");
        const read = (csv: string) => parse(csv, { delimiter: ",", record_delimiter: "\n" }) as unknown;
        expect(read(quoted(text))).toEqual(read(text));
      },
    ),
    { numRuns: 300 },
  );
});
