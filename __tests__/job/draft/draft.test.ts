import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Period, sourceUrl } from "../../../dataset";
import { columnNamer } from "../../../job/draft/column-name";
import { dialectOf } from "../../../job/draft/dialect";
import { jsonColumns } from "../../../job/draft/json-columns";
import { idFrom, periodInName } from "../../../job/draft/period-in-name";
import { readSample } from "../../../job/draft/sample";
import { nullTexts, signsOf, typeOf } from "../../../job/draft/types";

const plain = { decimal: ".", thousands: "" } as const;

describe("the period in a name", () => {
  test.each([
    ["in/sales_2024-03.csv", "month", "2024-03", "in/sales_{period}.csv", "sales"],
    ["in/sales_202403.csv.gz", "month", "2024-03", "in/sales_{year}{month}.csv.gz", "sales"],
    [
      "https://example.com/a/2024_03_05-log.jsonl?x=1",
      "day",
      "2024-03-05",
      "https://example.com/a/{year}_{month}_{day}-log.jsonl?x=1",
      "log",
    ],
    ["s3://b/log.2024030517.csv", "hour", "2024-03-05T17", "s3://b/log.{year}{month}{day}{hour}.csv", "log"],
    ["report_2024-W05.csv", "week", "2024-W05", "report_{period}.csv", "report"],
    ["2024Q3 costs.parquet", "quarter", "2024-Q3", "{year}Q{quarter} costs.parquet", "costs"],
    ["year_1999.csv", "year", "1999", "year_{period}.csv", "year"],
    [
      "raw/year=2024/month=03/part.parquet",
      "month",
      "2024-03",
      "raw/year={year}/month={month}/part.parquet",
      "part",
    ],
    ["raw/2024/03/05/part.csv", "day", "2024-03-05", "raw/{year}/{month}/{day}/part.csv", "part"],
  ] as const)("of %s", (address, grain, label, template, id) => {
    const found = periodInName(address);
    expect([found?.grain, found?.period.label, found?.template, idFrom(found?.rest ?? "")]).toEqual([
      grain,
      label,
      template,
      id,
    ]);
    expect(sourceUrl(template, Period.parse(grain, label))).toBe(address);
  });

  test.each(["cities.csv", "v2.csv", "id_20249.csv", "x_2024-13-99x.csv/a.csv", "12345678.csv"])(
    "is not in %s",
    (address) => {
      expect(periodInName(address)).toBeUndefined();
    },
  );

  test("ids are valid", () => {
    expect(["Ümsätze 2024 (final).CSV", "__.csv", "1st.csv", "a".repeat(60)].map(idFrom)).toEqual([
      "umsatze_2024_final",
      "data",
      "st",
      "a".repeat(40),
    ]);
  });
});

describe("the dialect of a text", () => {
  test.each([
    ["a,b\n1,2\n3,4\n", { delimiter: ",", header: ["a", "b"], skipLines: 0, odd: 0 }],
    ['a;b\n"x;1";2,5\n"y\nz";3,5\n', { delimiter: ";", header: ["a", "b"], skipLines: 0, odd: 0 }],
    ["a\tb\r\n1,5\t2\r\n", { delimiter: "\t", header: ["a", "b"], skipLines: 0, odd: 0 }],
    ["sep=|\na|b\n1|2\n", { delimiter: "|", header: ["a", "b"], skipLines: 0, odd: 0 }],
    ["# x, y\n#z\na,b\n1,2\n", { delimiter: ",", comment: "#", header: ["a", "b"], skipLines: 0, odd: 0 }],
    [
      "Report; of\n\ntoday\na;b;c\n1;2;3\n4;5;6\n7;8;9\n",
      { delimiter: ";", header: ["a", "b", "c"], skipLines: 3, odd: 0 },
    ],
    ["a,b\n1,2\n3\n4,5\n", { delimiter: ",", header: ["a", "b"], skipLines: 0, odd: 1 }],
    ["name\nx\ny\n", { delimiter: ",", header: ["name"], skipLines: 0, odd: 0 }],
    ["a,b\n'x,1',2\n'y,2',3\n", { delimiter: ",", quote: "'", header: ["a", "b"], odd: 0 }],
  ])("%j", (text, expected) => {
    expect(dialectOf(text, "x.csv")).toMatchObject(expected);
  });
});

describe("the type of a column", () => {
  test.each([
    [["1", "-2"], { type: "INTEGER" }],
    [["1.50", "2.25"], { type: "NUMERIC" }],
    [["1.23456", "2"], { type: "FLOAT" }],
    [["1e5", "nan"], { type: "FLOAT" }],
    [["0123", "4567"], { type: "STRING", guess: expect.stringContaining("leading zeros") as unknown }],
    [["true", "False"], { type: "BOOLEAN" }],
    [["1", "0"], { type: "INTEGER" }],
    [["2024-02-29"], { type: "DATE" }],
    [["2024-02-29 10:00", "2024-02-29T10:00:00.5"], { type: "DATETIME" }],
    [["2024-02-29T10:00:00Z", "2024-02-29 10:00:00"], { type: "TIMESTAMP" }],
    [["31.12.2024", "1.1.2024"], { type: "DATE", format: "%d.%m.%Y" }],
    [["12/31/2024"], { type: "DATE", format: "%m/%d/%Y" }],
    [["31/12/2024"], { type: "DATE", format: "%d/%m/%Y" }],
    [["01/02/2024"], { type: "DATE", format: "%m/%d/%Y", guess: "also possible: %d/%m/%Y" }],
    [["31.12.2024 10:05"], { type: "DATETIME", format: "%d.%m.%Y %H:%M" }],
    [["12/31/2024 1:05 PM"], { type: "DATETIME", format: "%m/%d/%Y %I:%M %p" }],
    [["3 Jan 2024"], { type: "DATE", format: "%d %b %Y" }],
    [["31.02.2024"], { type: "STRING" }],
    [[], { type: "STRING", guess: "empty in the sample" }],
  ])("%j", (texts, expected) => {
    expect(typeOf(texts, plain, ",")).toEqual(expected);
  });

  test("numbers have the signs of the file", () => {
    expect(signsOf([["1,5"], ["x"]], ";")).toEqual({ decimal: ",", thousands: "" });
    expect(signsOf([["1.234,5", "2"]], ";")).toEqual({ decimal: ",", thousands: "." });
    expect(signsOf([["1,234.5"]], ",")).toEqual({ decimal: ".", thousands: "," });
    expect(signsOf([["1,234"]], ",")).toEqual({ decimal: ".", thousands: "," });
    expect(signsOf([["1'234.5"]], ",")).toEqual({ decimal: ".", thousands: "'" });
    expect(signsOf([["1\u00a0234,5"]], ";")).toEqual({ decimal: ",", thousands: " " });
    expect(signsOf([["1.5"], ["2"]], ",")).toEqual(plain);
  });

  test("texts that mean NULL are those without which a column has a type", () => {
    expect(
      nullTexts([
        ["1", "NA", "2"],
        ["-", "2024-01-01"],
      ]),
    ).toEqual(["NA", "-"]);
    expect(nullTexts([["Namibia", "NA"]])).toEqual([]);
  });
});

test("names of columns are valid and different", () => {
  const name = columnNamer("month");
  expect(["Größe (m²)", "größe m", "1st", "Year", "", "ctid", "_period", "GROSSE_M"].map(name)).toEqual([
    "Grosse_m",
    "grosse_m_2",
    "n_1st",
    "Year_2",
    "column",
    "ctid_",
    "period",
    "GROSSE_M_3",
  ]);
});

test("objects of JSON are columns of their own, lists are texts", () => {
  const lines = ['{"a": {"b": 1, "c": {"d": "x"}}, "l": [1]}', '{"a": null, "m": {"x": 1}}', '{"m": 2}', "7"];
  const { columns, odd } = jsonColumns(lines.join("\n"));
  expect(odd).toBe(1);
  expect(columns.map(({ keys, texts, isNested }) => [keys.join("."), texts, isNested])).toEqual([
    ["a.b", ["1"], false],
    ["a.c.d", ["x"], false],
    ["l", ["[1]"], true],
    ["m", ["2"], true],
  ]);
});

describe("a sample", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tributary-sample-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const sampleOf = (content: Buffer | string) => {
    const file = join(folder, "x");
    writeFileSync(file, content);
    return readSample(file, "x", false);
  };

  test.each([
    [Buffer.from("a,b\né,1\n"), { encoding: "utf-8", compression: "none", text: "a,b\né,1\n" }],
    [Buffer.from("a,b\n\xe9,1\n", "latin1"), { encoding: "latin1", text: "a,b\né,1\n" }],
    [Buffer.from("a,b\n\x80,1\n", "latin1"), { encoding: "windows-1252", text: "a,b\n€,1\n" }],
    [Buffer.from("\uFEFFa,b\né,1\n", "utf16le"), { encoding: "utf-16", text: "a,b\né,1\n" }],
    [gzipSync("a,b\n1,2\n"), { encoding: "utf-8", compression: "gzip", text: "a,b\n1,2\n" }],
    [gzipSync("a,b\n1,2\n".repeat(9000)).subarray(0, -9), { compression: "gzip", whole: false }],
  ])("finds out how text is stored (%#)", async (content, expected) => {
    expect(await sampleOf(content)).toMatchObject(expected);
  });

  test("refuses other formats", async () => {
    await expect(sampleOf("<html><body>no</body></html>")).rejects.toThrow("x is HTML");
    await expect(sampleOf("")).rejects.toThrow("x is empty");
  });
});
