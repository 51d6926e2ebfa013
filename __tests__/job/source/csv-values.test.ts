import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import * as z from "zod/mini";
import { columnTypes, defineDataset, type Column, type ColumnType, type DatasetSpec } from "../../../dataset";
import { readCsv } from "../../../job/engine/read-csv";
import { CsvReading } from "../../../job/fingerprint/csv-reading";
import { differences } from "../../../job/fingerprint/fingerprint";
import { fingerprintOf } from "../../../job/fingerprint/raw";
import { csvDialect } from "../../../job/source/csv-dialect";
import { CsvSplit } from "../../../job/source/csv-split";
import type { CsvContent } from "../../../job/source/extracted";
import { NoValue, strictRecords, strictValue, type Strict } from "../strict";
import { comparable, nearlyValues } from "../values";
import { testDatabase } from "../duckdb";

/** A fixed seed: failures are reproducible, and every run takes the same time. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20_190_101);

let folder: string;
const database = testDatabase();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-csv-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Layout {
  readonly columns: readonly Column[];
  readonly nullValues?: readonly string[];
  readonly delimiter?: string;
  readonly quote?: string;
}

function specOf({ columns, ...source }: Layout) {
  return defineDataset({
    id: "fuzz",
    description: "Made up.",
    source: { url: "x.csv", format: "csv", ...source },
    grain: "once",
    columns,
    badRows: { action: "reject", limit: 1_000_000 },
  });
}

const rejectLine = z.object({
  line: z.number(),
  column: z.nullable(z.string()),
  reason: z.string(),
  raw: z.string(),
  rawBase64: z.optional(z.string()),
});

/** Result of the job for a text that arrives in chunks: the rows as DuckDB reads them, and the rejects. */
async function converted(text: Buffer, layout: Layout, size: number) {
  const spec = specOf(layout);
  const split = new CsvSplit(folder, "x.csv", spec, 1_000_000);
  for (let at = 0; at < text.length; at += size) split.push(text.subarray(at, at + size));
  const { rows, content } = split.finish();
  split.close();
  const select = spec.columns.map(({ name, type }) => comparable(`"${name}"`, type)).join(", ");
  const reader = await database.connection.runAndReadAll(`SELECT ${select} FROM ${readCsv(content, spec)}`);
  const rejects = readFileSync(content.rejects.file, "utf8")
    .split("\n")
    .filter((json) => json !== "")
    .map((json) => rejectLine.parse(JSON.parse(json)));
  expect(rows).toBe(reader.currentRowCount + rejects.length);
  expect(content.rejects.rules.reduce((sum, rule) => sum + rule.rows, 0)).toBe(rejects.length);
  await agrees(spec, content);
  const kept = reader.getRowsJS().map((row) => row.map((value) => (value === null ? null : shown(value))));
  return { kept, rejects };
}

/** Checks that the second reading of a run returns the same values as DuckDB. */
async function agrees(spec: DatasetSpec, content: CsvContent): Promise<void> {
  const reading = new CsvReading({
    dialect: csvDialect(spec),
    nullValues: spec.source.nullValues,
    types: content.fields.map(({ column }) => column.type),
  });
  reading.push(readFileSync(content.file));
  reading.finish();
  const names = spec.columns.map(({ name }) => `"${name}"`).join(", ");
  const engine = await fingerprintOf(
    "engine",
    database.connection,
    spec,
    `SELECT ${names} FROM ${readCsv(content, spec)}`,
  );
  const columns = new Map(
    content.fields.map(({ column }, index) => [column.name, reading.sums[index] ?? { values: 0, sum: 0n }]),
  );
  expect({ odd: reading.odd, unread: reading.unread }).toEqual({
    odd: 0,
    unread: content.fields.map(() => 0),
  });
  expect(differences({ place: "reading", rows: reading.rows, columns }, engine)).toEqual([]);
}

/** Floating-point values as numbers, all other values as text. */
function shown(value: unknown): Strict {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The expected result, by the strict parser. */
function expectedOf(text: string, { columns, nullValues = [""], delimiter, quote }: Layout) {
  const [, ...records] = strictRecords(text, delimiter, quote);
  const kept: Strict[][] = [];
  const rejected: number[] = [];
  for (const { line, fields } of records) {
    try {
      if (fields?.length !== columns.length) throw new NoValue();
      kept.push(
        columns.map(({ type, mode }, index) => {
          const value = fields[index] ?? "";
          if (!nullValues.includes(value)) return strictValue(type, value);
          if (mode === "REQUIRED") throw new NoValue();
          return null;
        }),
      );
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      rejected.push(line);
    }
  }
  return { kept, rejected };
}

async function compare(text: string, layout: Layout, size = 1 << 16): Promise<void> {
  const { kept, rejects } = await converted(Buffer.from(text), layout, size);
  const expected = expectedOf(text, layout);
  expect(rejects.map(({ line }) => line)).toEqual(expected.rejected);
  expect(kept).toEqual(expected.kept);
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (const { line, raw } of rejects) {
    const height = raw.split("\n").length;
    expect(
      lines
        .slice(line - 1, line - 1 + height)
        .join("\n")
        .replace(/\r+$/, ""),
    ).toBe(raw);
  }
}

const column = (type: ColumnType, index: number, mode: Column["mode"] = "NULLABLE"): Column => ({
  name: `c${index}`,
  type,
  mode,
  description: "x",
});

test.each(columnTypes)("CsvSplit accepts the same texts for %s as the strict parser", async (type) => {
  const layout = { columns: [column("INTEGER", 0), column(type, 1), column("STRING", 2)] };
  const samples = fc.sample(nearlyValues(type), { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1_200), seed });
  // Also in quotes, where a value may contain delimiters, quotes and line breaks.
  const lines = samples.flatMap((value, index) => {
    const quoted = `${index},"${value.replaceAll('"', '""')}",x`;
    return /[",\r\n]/.test(value) ? [quoted] : [`${index},${value},x`, quoted];
  });
  await compare(`c0,c1,c2\n${lines.join("\n")}\n`, layout);
});

/** Parts of valid and invalid fields. */
const fragments = fc.constantFrom(
  ...["a", "é", "𝄞", " ", "\t", ",", '"', '""', "\n", "\r\n", "\r"],
  ...["1", "2.5", "2020-01-01", "true", "NA", "#", "\\", "'"],
);
const fields = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("", "1", "-7", "1.0", "x", "NA", " 5", "2020-02-29", "1e3") },
  { weight: 2, arbitrary: fc.array(fragments, { maxLength: 4 }).map((all) => all.join("")) },
  {
    weight: 3,
    arbitrary: fc.array(fragments, { maxLength: 5 }).map((all) => `"${all.join("").replaceAll('"', '""')}"`),
  },
);
const ends = fc.oneof(
  { weight: 8, arbitrary: fc.constant("\n") },
  { weight: 3, arbitrary: fc.constant("\r\n") },
  { weight: 1, arbitrary: fc.constantFrom("\n\n", "\r\r\n", "\n\r\n", "\r") },
);

test("CsvSplit finds the same records and fields as the strict parser, in chunks of any size", async () => {
  const layouts: readonly Layout[] = [
    { columns: [column("STRING", 0), column("INTEGER", 1)] },
    { columns: [column("STRING", 0)], nullValues: ["NA"] },
    {
      columns: [column("FLOAT", 0, "REQUIRED"), column("STRING", 1), column("DATE", 2)],
      nullValues: ["", "NA"],
    },
    { columns: [column("STRING", 0), column("STRING", 1, "REQUIRED")], nullValues: [] },
    { columns: [column("INTEGER", 0), column("STRING", 1)], nullValues: [] },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...layouts),
      fc.array(fc.tuple(fc.array(fields, { minLength: 1, maxLength: 4 }), ends), { maxLength: 12 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      async (layout, lines, size, isMarked) => {
        const header = layout.columns.map(({ name }) => name).join(",");
        const body = lines.map(([line, end]) => line.join(",") + end).join("");
        fc.pre(!endsInQuotes(body));
        await compare(`${isMarked ? "\uFEFF" : ""}${header}\n${body}`, layout, size);
      },
    ),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 150), seed },
  );
});

test("CsvSplit supports other delimiters and quotes", async () => {
  const pairs = [
    ["\t", '"'],
    ["|", "'"],
    ["\u0001", '"'],
    [";", "~"],
  ] as const;
  for (const [delimiter, quote] of pairs) {
    const layout = { columns: [column("STRING", 0), column("INTEGER", 1)], delimiter, quote };
    const text = ["c0|c1", "a|1", "~b|~~c~|2", "~d\ne~|3", "x~|4", "|5", " ~|6", "~g~h|7"].join("\n");
    await compare(text.replaceAll("|", delimiter).replaceAll("~", quote), layout);
  }
});

test("CsvSplit and DuckDB support line breaks in quotes at the boundaries of DuckDB's buffers", async () => {
  const layout = { columns: [column("INTEGER", 0), column("STRING", 1), column("STRING", 2)] };
  // Every line of the field looks like a row.
  const values = [0, 1, 2, 3, 4, 5].map((start) => "1,a,b\n".repeat(1_000).slice(start));
  const rows = Array.from({ length: 3_500 }, (_, index) => [String(index), values[index % 6] ?? "", "x"]);
  const lines = rows.map(([number, text, last]) => `${number ?? ""},"${text ?? ""}","${last ?? ""}"`);
  const text = Buffer.from(`c0,c1,c2\n${lines.join("\n")}\n`);
  const { kept, rejects } = await converted(text, layout, 1 << 20);
  expect(rejects).toEqual([]);
  expect(kept.length).toBe(rows.length);
  expect(kept.findIndex((row, index) => row.join() !== rows[index]?.join())).toBe(-1);
});

test("CsvSplit supports fields of several megabytes, and stores rejected lines of several megabytes", async () => {
  const layout = { columns: [column("INTEGER", 0), column("STRING", 1)] };
  const large = "z".repeat(9_000_000);
  const text = Buffer.from(`c0,c1\n1,a\n2,${large}\n3,"${large}\n"\nx,${large}\n4,d\n`);
  const { kept, rejects } = await converted(text, layout, 1 << 18);
  expect(kept.map(([number, value]) => [number, value?.length])).toEqual([
    ["1", 1],
    ["2", 9_000_000],
    ["3", 9_000_001],
    ["4", 1],
  ]);
  expect(rejects.map(({ line, raw }) => [line, raw.length])).toEqual([[6, 9_000_002]]);
  expect(rejects[0]?.raw === `x,${large}`).toBe(true);
});

test("CsvSplit rejects bytes that are not valid UTF-8 and stores them", async () => {
  const layout = { columns: [column("INTEGER", 0), column("STRING", 1)] };
  const bad = Buffer.from([0x31, 0x2c, 0xc3, 0x28, 0x0a]);
  const cut = Buffer.from([0x32, 0x2c, 0xe2, 0x82, 0x0a]);
  const text = Buffer.concat([Buffer.from("c0,c1\n"), bad, cut, Buffer.from("3,é\n")]);
  const { kept, rejects } = await converted(text, layout, 7);
  expect(kept).toEqual([["3", "é"]]);
  expect(rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([
    [2, "c1", "is not valid UTF-8"],
    [3, "c1", "is not valid UTF-8"],
  ]);
  expect(Buffer.from(rejects[0]?.rawBase64 ?? "", "base64")).toEqual(bad.subarray(0, -1));
});

test("the reasons of rejects say what was found and what was expected", async () => {
  const columns = [
    column("INTEGER", 0, "REQUIRED"),
    ...columnTypes.map((type, index) => column(type, index + 1)),
  ];
  const good = ["7", "s", "1", "1.5", "1.5", "true", "2020-01-01", "2020-01-01 10:00:00", "2020-01-01"];
  const changed = (at: number, text: string) =>
    good.map((value, index) => (index === at ? text : value)).join(",");
  const lines = [
    changed(0, ""),
    changed(1, "a\0b"),
    changed(2, "1.5"),
    changed(3, "1e400"),
    changed(4, "0.1234567891"),
    changed(5, "2"),
    changed(6, "2019-02-29"),
    changed(7, "2020-01-01 10:00:00+01"),
    changed(8, `${"9".repeat(300)}\u200b`),
    changed(8, "\u200b\u0007"),
    good.slice(1).join(","),
    [...good, "1"].join(","),
    changed(1, '"a"b'),
    changed(1, ' "a"'),
    changed(1, "a\rb"),
  ];
  const header = columns.map(({ name }) => name).join(",");
  const text = Buffer.from(`${header}\n${lines.join("\n")}\n`);
  const { rejects } = await converted(text, { columns }, 1 << 16);
  expect(rejects.map(({ line, column, reason }) => `${line} ${column ?? "-"} ${reason}`))
    .toMatchInlineSnapshot(`
   [
     "2 c0 is missing, but the column is REQUIRED",
     "3 c1 contains a NUL character, which Postgres cannot store",
     "4 c2 "1.5" is not a valid INTEGER: a 64-bit integer",
     "5 c3 "1e400" is not a valid FLOAT: a number within the range and precision of 64-bit floating point",
     "6 c4 "0.1234567891" is not a valid NUMERIC: a decimal number with at most 29 digits before and 9 after the decimal point",
     "7 c5 "2" is not a valid BOOLEAN: true or false (or t, f, yes, no, y, n, 1, 0)",
     "8 c6 "2019-02-29" is not a valid DATE: a date YYYY-MM-DD, year 0001 to 9999",
     "9 c7 "2020-01-01 10:00:00+01" is not a valid DATETIME: a local time YYYY-MM-DD HH:MM:SS without offset, year 0001 to 9999, at most 6 decimal places",
     "10 c8 "999999999999999999999999999999999999999999999999999999999999…" is not a valid TIMESTAMP: a time YYYY-MM-DD HH:MM:SS[+HH:MM], year 0001 to 9999 in UTC, at most 6 decimal places",
     "11 c8 "\\u200b\\u0007" is not a valid TIMESTAMP: a time YYYY-MM-DD HH:MM:SS[+HH:MM], year 0001 to 9999 in UTC, at most 6 decimal places",
     "12 - has fewer than 9 fields",
     "13 - has more than 9 fields",
     "14 c1 has text after its closing quote",
     "15 c1 has a space before its opening quote",
     "16 c1 has a carriage return outside quotes",
   ]
  `);
});

/** Whether the text ends inside a quoted field, which means that the file is damaged. */
function endsInQuotes(text: string): boolean {
  let [quoted, atStart] = [false, true];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (!quoted) {
      quoted = character === '"' && atStart;
      atStart = !quoted && (character === "," || character === "\n");
    } else if (character === '"' && text[at + 1] === '"') at += 1;
    else if (character === '"') quoted = false;
  }
  return quoted;
}
