import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import * as z from "zod/mini";
import { type Column, defineDataset, Period, type Source } from "../../../dataset";
import { fromCsv } from "../../../job/engine/expressions";
import { readCsv } from "../../../job/engine/read-csv";
import { queryRows } from "../../../job/engine/rows";
import { CsvSplit } from "../../../job/source/csv-split";
import { inspect } from "../../../job/source/inspect";
import { JsonSplit } from "../../../job/source/json-split";
import { SkippedLines } from "../../../job/source/skipped-lines";
import { textSteps } from "../../../job/source/text-steps";
import { testDatabase } from "../duckdb";

let folder: string;
const database = testDatabase();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-forms-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rejectLine = z.object({
  line: z.number(),
  column: z.nullable(z.string()),
  reason: z.string(),
  raw: z.string(),
});

const text = (name: string): Column => ({ name, type: "STRING", description: "x" });
const integer = (name: string): Column => ({ name, type: "INTEGER", description: "x" });

/** What a file becomes: its rows, and its rejects as `line column reason: raw`. */
async function ingested(content: Buffer | string, source: Partial<Source>, columns: readonly Column[]) {
  const spec = defineDataset({
    id: "forms",
    description: "Made up.",
    source: { url: "x", format: "csv", ...source },
    grain: "once",
    columns,
    badRows: { action: "reject", limit: 100 },
  });
  const file = join(folder, "source");
  writeFileSync(file, content);
  const Split = spec.source.format === "jsonl" ? JsonSplit : CsvSplit;
  const split = new Split(folder, "source", spec, 100);
  try {
    await inspect(file, "source", spec.source, split, textSteps(spec.source, "source"));
    const { rows, content: found } = split.finish();
    const values = await queryRows(
      database.connection,
      `SELECT ${fromCsv(found.fields, spec, Period.once)} FROM ${readCsv(found, spec)}`,
    );
    const rejects = readFileSync(found.rejects.file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => rejectLine.parse(JSON.parse(line)))
      .map(({ line, column, reason, raw }) => `${line} ${column ?? "-"} ${reason}: ${raw}`);
    expect(values.length + rejects.length).toBe(rows);
    return { rows: values.map((row) => Object.values(row)), rejects };
  } finally {
    split.close();
  }
}

const two = [integer("id"), text("name")];
const rows = [
  ["1", "Zoë"],
  ["2", "ÿ€"],
];

test.each([
  ["utf-8", Buffer.from("id,name\n1,Zoë\n2,ÿ€\n")],
  ["utf-16", Buffer.from("\uFEFFid,name\r\n1,Zoë\r\n2,ÿ€\r\n", "utf16le")],
  ["utf-16", Buffer.from("id,name\n1,Zoë\n2,ÿ€\n", "utf16le")],
  ["utf-16", Buffer.from("\uFEFFid,name\n1,Zoë\n2,ÿ€\n", "utf16le").swap16()],
  ["utf-16", Buffer.from("id,name\n1,Zoë\n2,ÿ€\n", "utf16le").swap16()],
  ["windows-1252", Buffer.from("id,name\n1,Zo\xeb\n2,\xff\x80\n", "latin1")],
] as const)("a text in %s is decoded (%#)", async (encoding, content) => {
  expect((await ingested(content, { encoding }, two)).rows).toEqual(rows);
});

test("latin1 has a character for every byte", async () => {
  const bytes = Buffer.from(Array.from({ length: 127 }, (_, index) => 0x81 + index));
  const content = Buffer.concat([Buffer.from("id,name\n1,"), bytes, Buffer.from("\n")]);
  expect((await ingested(content, { encoding: "latin1" }, two)).rows).toEqual([
    ["1", bytes.toString("latin1")],
  ]);
});

test("a character that is not valid in the encoding rejects its row", async () => {
  const half = Buffer.concat([
    Buffer.from("id,name\n1,a\n2,", "utf16le"),
    Buffer.from([0x00, 0xd8]),
    Buffer.from("x\n3,b\n", "utf16le"),
  ]);
  const utf16 = await ingested(half, { encoding: "utf-16" }, two);
  expect(utf16.rows).toEqual([
    ["1", "a"],
    ["3", "b"],
  ]);
  expect(utf16.rejects).toEqual([expect.stringMatching(/^3 name is not valid UTF-8/)]);
  const undefinedByte = Buffer.from("id,name\n1,a\n2,\x81\n", "latin1");
  const windows = await ingested(undefinedByte, { encoding: "windows-1252" }, two);
  expect(windows.rejects).toEqual([expect.stringMatching(/^3 name is not valid UTF-8/)]);
});

test("half a character at the end of UTF-16 is an integrity failure", async () => {
  const content = Buffer.from("id,name\n1,a\n", "utf16le").subarray(0, -1);
  await expect(ingested(content, { encoding: "utf-16" }, two)).rejects.toThrow(
    "is truncated: it has half a character",
  );
});

test("comments and the first lines are skipped, and rejects have the numbers of the file's lines", async () => {
  const content = [
    'Report, "unclosed',
    "of today",
    "# comment, before the header",
    "id,name",
    "1,a # no comment",
    "# a comment",
    '2,"in quotes',
    '# no comment"',
    "x,b",
    " # no comment: a space before it,c",
    "#",
  ].join("\n");
  const { rows: found, rejects } = await ingested(content, { comment: "#", skipLines: 2 }, two);
  expect(found).toEqual([
    ["1", "a # no comment"],
    ["2", "in quotes\n# no comment"],
  ]);
  expect(rejects.map((line) => line.split(":")[0])).toEqual([
    '9 id "x" is not a valid INTEGER',
    '10 id " # no comment',
  ]);
});

test("SkippedLines does the same with chunks of any size", () => {
  const pieces = fc.constantFrom("//", "/", "a", '"', '""', ",", "\n", "\r\n", "\uFEFF");
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 0, max: 3 }),
      (all, size, skipLines) => {
        const source = {
          url: "x",
          format: "csv",
          compression: "none",
          nullValues: [""],
          delimiter: ",",
          quote: '"',
          comment: "//",
          skipLines,
        } as const;
        const content = Buffer.from(all.join(""));
        const whole = new SkippedLines(source);
        const expected = Buffer.concat([whole.push(content), whole.finish()]);
        const skipped = new SkippedLines(source);
        const found: Buffer[] = [];
        for (let at = 0; at < content.length; at += size)
          found.push(skipped.push(content.subarray(at, at + size)));
        expect(Buffer.concat([...found, skipped.finish()])).toEqual(expected);
        expect(expected.toString().split("\n").length).toBe(all.join("").split("\n").length);
      },
    ),
  );
});

test("sep= declares the delimiter, which must be the one of the specification", async () => {
  expect((await ingested("sep=;\nid;name\n1;a\n", { delimiter: ";" }, two)).rows).toEqual([["1", "a"]]);
  expect((await ingested('\uFEFF"sep=;"\r\nid;name\r\n1;a\r\n', { delimiter: ";" }, two)).rows).toEqual([
    ["1", "a"],
  ]);
  await expect(ingested("sep=;\nid;name\n", {}, two)).rejects.toThrow(
    'line 1: declares the delimiter ";", but the specification requires ","',
  );
});

test("columns are left out by name, or all unknown ones, also of rejected lines", async () => {
  const content = 'id,Email,name,note\n1,a@b,x,n\ny,"c,d@e",z,"n,""2"\nz,e@f,"a"b,n\n3,g@h\n';
  const one = await ingested(content, { ignore: ["email"], extra: "ignore" }, two);
  expect(one.rows).toEqual([["1", "x"]]);
  expect(one.rejects).toEqual([
    expect.stringMatching(/^3 id "y" is not a valid INTEGER.*: y,,z,$/),
    // Where the fields cannot be told apart, nothing is stored.
    "4 name has text after its closing quote: ",
    "5 - has fewer than 4 fields: ",
  ]);
  await expect(ingested(content, { ignore: ["email"] }, two)).rejects.toThrow(
    'field 4 "note" is not in the specification',
  );
});

test("unknown columns are kept as JSON", async () => {
  const content = 'id,name,Note,n o\n1,x,"a ""b"", é\n",7\n2,y,,\n';
  const { rows: found } = await ingested(content, { extra: "json" }, two);
  expect(found.map((row) => [row[0], row[1], JSON.parse(String(row[2])) as unknown])).toEqual([
    ["1", "x", { Note: 'a "b", é\n', "n o": "7" }],
    ["2", "y", { Note: null, "n o": null }],
  ]);
});

const json = (lines: readonly string[]) => `${lines.join("\n")}\n`;

test("lines of JSON are read by key and by path, and numbers keep their digits", async () => {
  const columns: Column[] = [
    integer("id"),
    { ...text("name"), path: "$.user.name" },
    { ...text("first"), path: '$.tags[0]["a b"]' },
    { name: "price", type: "NUMERIC", description: "x" },
    text("tags"),
    { name: "on", type: "BOOLEAN", description: "x" },
  ];
  const content = json([
    '\uFEFF{"ID": 1, "user": {"name": "A \\u00e9 \\"q\\",\\n"}, "price": 12345678901234567890.123456789, "tags": [{"a b": "x"}, [1.50]], "on": true}',
    "",
    '{"id": 9007199254740993, "user": null, "price": "1.10", "tags": "", "on": "no"}',
    '{"id": 1.5}',
    '{"id": "2", "on": 7}',
    '{"id": 3, "id": 4}',
    '{"id": 3, "user": {"name": "a", "name": "b"}}',
    '{"id": 3, "new": 1}',
    '{"id": 3, "tags": "\\u0000"}',
    '{"id": 3, "tags": "\\ud800"}',
    '{"id": {}}',
    "[1]",
    '{"id": 5',
  ]);
  const { rows: found, rejects } = await ingested(content, { format: "jsonl", ignore: [] }, columns);
  expect(found).toEqual([
    ["1", 'A é "q",\n', "x", "12345678901234567890.123456789", '[{"a b": "x"}, [1.50]]', true],
    ["9007199254740993", null, null, "1.100000000", "", false],
  ]);
  expect(rejects.map((line) => line.split(": ")[0])).toEqual([
    '4 id "1.5" is not a valid INTEGER',
    '5 on "7" is not a valid BOOLEAN',
    "6 id has two keys in the line",
    '7 - has the key "name" twice',
    '8 - has the key "new", which is not in the specification',
    "9 tags contains a NUL character, which Postgres cannot store",
    "10 tags is not valid Unicode",
    "11 id is an object, which does not convert to INTEGER",
    "12 - is not a JSON object",
    "13 - is not valid JSON",
  ]);
});

test("unknown keys of JSON are kept as they are, and those to ignore are not stored anywhere", async () => {
  const content = json([
    '{"id": 1, "a": 1.50, "secret": "s", "b": {"c": []}}',
    '{"id": 2}',
    '{"id": "x", "secret": "s", "a": 2}',
    "{",
  ]);
  const { rows: found, rejects } = await ingested(
    content,
    { format: "jsonl", extra: "json", ignore: ["Secret"] },
    [integer("id")],
  );
  expect(found).toEqual([
    ["1", '{"a":1.50,"b":{"c": []}}'],
    ["2", null],
  ]);
  expect(rejects).toEqual([
    expect.stringMatching(/^3 id "x" is not a valid INTEGER.*: \{"id":"x","a":2\}$/),
    "4 - is not valid JSON: ",
  ]);
});

test("a column that no line of JSON has is schema drift", async () => {
  await expect(ingested(json(['{"id": 1}']), { format: "jsonl" }, two)).rejects.toThrow(
    "no line has a value for name",
  );
  const optional = [integer("id"), { ...text("name"), optional: true }];
  expect((await ingested(json(['{"id": 1}']), { format: "jsonl" }, optional)).rows).toEqual([["1", null]]);
});

/** A zip archive. */
function zipOf(files: Readonly<Record<string, string>>, sum?: number): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(sum ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(Buffer.byteLength(content), 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), common, tail, Buffer.from(name));
    local.push(entry);
    at += entry.length;
  }
  const size = Buffer.concat(directory).length;
  const end = Buffer.alloc(18);
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...local, ...directory, Buffer.from("PK\x05\x06"), end]);
}

test("a zip archive has one file, whose checksum is verified", async () => {
  const content = "id,name\n1,a\n";
  const zip = { compression: "zip" } as const;
  expect((await ingested(zipOf({ "x/a.csv": content, "__MACOSX/a": "" }), zip, two)).rows).toEqual([
    ["1", "a"],
  ]);
  await expect(ingested(zipOf({ "a.csv": content, "b.csv": content }), zip, two)).rejects.toThrow(
    "must contain exactly one file, but contains 2: a.csv, b.csv",
  );
  await expect(ingested(zipOf({ "a.csv": content }, 1), zip, two)).rejects.toThrow(
    "a.csv does not match its checksum",
  );
  await expect(ingested(zipOf({ "a.csv": content }).subarray(0, -9), zip, two)).rejects.toThrow("is damaged");
  await expect(ingested(gzipSync(content), zip, two)).rejects.toThrow("is not a valid zip file");
  await expect(ingested(zipOf({ "a.csv": content }), {}, two)).rejects.toThrow(
    'is a zip archive, not CSV in UTF-8; set source.compression to "zip"',
  );
});
