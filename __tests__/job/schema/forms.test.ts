import fc from "fast-check";
import { defineDataset, type ColumnType, type Source } from "../../../dataset";
import { quoteLiteral } from "../../../job/engine/sql";
import { ColumnSum } from "../../../job/fingerprint/fingerprint";
import { textReader } from "../../../job/fingerprint/form-values";
import { textReaders } from "../../../job/fingerprint/text-values";
import { grammarOf } from "../../../job/schema/form-grammar";
import { textForm, type TextForm } from "../../../job/schema/text-form";
import { testDatabase } from "../duckdb";

const seed = Number(process.env["FUZZ_SEED"] ?? 20_190_101);
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 60);

const database = testDatabase();

type TextType = Exclude<ColumnType, "STRING">;

/** The form of a column of a source with these properties. */
function formOf(type: ColumnType, source: Partial<Source>, format?: string): TextForm {
  const { columns, source: full } = defineDataset({
    id: "x",
    description: "x",
    source: { url: "x.csv", format: "csv", delimiter: ";", ...source },
    grain: "once",
    columns: [{ name: "v", type, description: "x", ...(format !== undefined && { format }) }],
  });
  const [column] = columns;
  const form = column && textForm(column, full);
  if (form === undefined) throw new Error("the form is the standard one");
  return form;
}

const built = new Map<
  TextForm,
  { readonly whole: RegExp; readonly beyond: ((text: string) => boolean) | undefined }
>();

/** Whether the grammar accepts a text. */
function accepts(type: TextType, form: TextForm, text: string): boolean {
  const { pattern, beyond } = grammarOf(type, form);
  const known = built.get(form) ?? { whole: new RegExp(`^(?:${pattern})$`), beyond };
  built.set(form, known);
  const bytes = Buffer.from(text).toString("latin1");
  return known.whole.test(bytes) && known.beyond?.(bytes) !== true;
}

/** The value that the second reading finds in a text, as a hash; undefined when there is none. */
function sumOf(type: TextType, form: TextForm | undefined, text: string): bigint | undefined {
  const sum = new ColumnSum(type);
  const bytes = Buffer.from(text);
  const read = form === undefined ? textReaders[type] : textReader(type, form);
  return read(sum, bytes, 0, bytes.length) ? sum.sum : undefined;
}

/** The values that DuckDB converts texts to, in the standard form. */
async function converted(type: TextType, form: TextForm, texts: readonly string[]): Promise<string[]> {
  const { convert = (text: string) => text } = grammarOf(type, form);
  const types = {
    DATETIME: "TIMESTAMP",
    TIMESTAMP: "TIMESTAMPTZ",
    NUMERIC: "DECIMAL(38,9)",
    INTEGER: "BIGINT",
    FLOAT: "DOUBLE",
  };
  const cast = type in types ? types[type as keyof typeof types] : type;
  const values = texts.map((text) => `(${quoteLiteral(text)})`).join(", ");
  const reader = await database.connection.runAndReadAll(
    `SELECT CAST(CAST(${convert("v")} AS ${cast}) AS VARCHAR) FROM (VALUES ${values}) AS t(v)`,
  );
  return reader.getRowsJS().map(([value]) => (typeof value === "string" ? value : "NULL"));
}

/** Checks that DuckDB and the second reading find the expected value in each valid text. */
async function agree(
  type: TextType,
  form: TextForm,
  cases: readonly (readonly [text: string, standard: string])[],
) {
  expect(cases.filter(([text]) => !accepts(type, form, text))).toEqual([]);
  expect(cases.filter(([text, value]) => sumOf(type, form, text) !== sumOf(type, undefined, value))).toEqual(
    [],
  );
  const found = await converted(
    type,
    form,
    cases.map(([text]) => text),
  );
  expect(found.map((value, index) => [cases[index]?.[0], sumOf(type, undefined, value)])).toEqual(
    cases.map(([text, value]) => [text, sumOf(type, undefined, value)]),
  );
}

const two = (number: number) => String(number).padStart(2, "0");
const moments = fc.date({ min: new Date("1969-01-01"), max: new Date("2068-12-31"), noInvalidDate: true });
const names = ["January", "February", "March", "April", "May", "June"].concat([
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]);

/** A moment as strftime writes it, and in the standard form. */
function written(date: Date, format: string, isShort: boolean): string {
  const number = (value: number) => (isShort ? String(value) : two(value));
  const hour = date.getUTCHours();
  const name = names[date.getUTCMonth()] ?? "";
  const texts: Readonly<Record<string, string>> = {
    Y: String(date.getUTCFullYear()),
    y: two(date.getUTCFullYear() % 100),
    m: number(date.getUTCMonth() + 1),
    b: isShort ? name.slice(0, 3).toUpperCase() : name.slice(0, 3),
    B: isShort ? name.toLowerCase() : name,
    d: number(date.getUTCDate()),
    H: number(hour),
    I: number(hour % 12 === 0 ? 12 : hour % 12),
    p: isShort ? (hour < 12 ? "am" : "pm") : hour < 12 ? "AM" : "PM",
    M: number(date.getUTCMinutes()),
    S: number(date.getUTCSeconds()),
    f: `${String(date.getUTCMilliseconds()).padStart(3, "0")}${isShort ? "" : "000"}`,
    z: isShort ? "Z" : "+0000",
  };
  return format.replace(/%(\w)/g, (_, directive: string) => texts[directive] ?? "");
}

test.each([
  ["DATE", "%d.%m.%Y", 10],
  ["DATE", "%m/%d/%y", 10],
  ["DATE", "%d-%b-%Y", 10],
  ["DATE", "%B %d, %Y", 10],
  ["DATETIME", "%d.%m.%Y %H:%M:%S", 19],
  ["DATETIME", "%m/%d/%Y %I:%M %p", 16],
  ["DATETIME", "%Y/%m/%d %H:%M:%S.%f", 23],
  ["TIMESTAMP", "%d.%m.%Y %H:%M:%S%z", 19],
] as const)("%s in the format %s is read as it was written", async (type, format, length) => {
  const form = formOf(type, {}, format);
  const cases = fc.sample(fc.tuple(moments, fc.boolean()), { numRuns, seed }).map(([date, isShort]) => {
    const standard = date.toISOString().slice(0, length).replace("T", " ");
    return [written(date, format, isShort), standard.length === 16 ? `${standard}:00` : standard] as const;
  });
  await agree(type, form, cases);
});

test("dates of fixed width are read as they were written", async () => {
  const cases = fc
    .sample(moments, { numRuns, seed })
    .map(
      (date) =>
        [date.toISOString().slice(0, 10).replaceAll("-", ""), date.toISOString().slice(0, 10)] as const,
    );
  await agree("DATE", formOf("DATE", { dateFormat: "%Y%m%d" }), cases);
});

test("the days of the calendar are valid, and no others", () => {
  const form = formOf("DATE", { dateFormat: "%d.%m.%Y" });
  const wrong: string[] = [];
  for (const year of [1900, 2000, 2023, 2024])
    for (let month = 0; month <= 13; month += 1)
      for (let day = 0; day <= 32; day += 1) {
        const date = new Date(Date.UTC(year, month - 1, day));
        const isValid = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
        const text = `${two(day)}.${two(month)}.${year}`;
        if (accepts("DATE", form, text) !== isValid || (sumOf("DATE", form, text) !== undefined) !== isValid)
          wrong.push(text);
      }
  expect(wrong).toEqual([]);
});

const groups = (digits: string, sign: string) => digits.replace(/\B(?=(\d{3})+$)/g, sign);

test.each([
  [",", ""],
  [",", "."],
  [",", " "],
  [".", ","],
  [".", "'"],
  [".", "_"],
] as const)(
  "numbers with the decimal sign %j and groups by %j are read as they were written",
  async (decimal, thousands) => {
    const source = { decimal, ...(thousands !== "" && { thousands }) };
    const numbers = fc
      .tuple(
        fc.constantFrom("", "-", "+"),
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.stringMatching(/^[0-9]{0,5}$/),
        fc.boolean(),
      )
      .map(([sign, whole, decimals, isGrouped]) => {
        const rest = decimals === "" ? "" : `${decimal}${decimals}`;
        const shown = isGrouped ? groups(String(whole), thousands) : String(whole);
        return [`${sign}${shown}${rest}`, `${sign}${whole}${decimals === "" ? "" : `.${decimals}`}`] as const;
      });
    const cases = fc.sample(numbers, { numRuns, seed });
    await agree("NUMERIC", formOf("NUMERIC", source), cases);
    await agree(
      "FLOAT",
      formOf("FLOAT", source),
      cases.filter(([, value]) => value.replace(/\D/g, "").length <= 15),
    );
    const form = thousands === "" ? undefined : formOf("INTEGER", source);
    if (form !== undefined)
      await agree(
        "INTEGER",
        form,
        cases.filter(([, value]) => !value.includes(".")),
      );
  },
);

test("a no-break space separates groups as a space does", async () => {
  const form = formOf("FLOAT", { decimal: ",", thousands: " " });
  await agree("FLOAT", form, [
    ["1\u00a0234,5", "1234.5"],
    ["1\u202f234\u202f567", "1234567"],
  ]);
});

test.each([
  [
    "FLOAT",
    { decimal: ",", thousands: "." },
    ["1.23,4", "12.34", "1,234.5", ".123", "1.2345", "1,2,3", "1.234.56"],
  ],
  ["NUMERIC", { decimal: "," }, ["1.5", "1,1234567891", "1 000", "123456789012345678901234567890"]],
  ["INTEGER", { thousands: "," }, ["9,223,372,036,854,775,808", "1,5", "12,34", "1,234,"]],
  [
    "DATE",
    { dateFormat: "%d.%m.%Y" },
    ["29.02.2023", "31.04.2024", "1.1.24", "2024-01-01", "01.13.2024", "01.01.2024x"],
  ],
  [
    "DATETIME",
    { dateTimeFormat: "%m/%d/%Y %I:%M %p" },
    ["01/01/2024 13:00 PM", "01/01/2024 0:30 AM", "01/01/2024 1:60 AM"],
  ],
  [
    "TIMESTAMP",
    { timeZone: "Asia/Tokyo" },
    ["0001-01-01 00:00:00", "9999-12-31 00:00:00", "2024-01-01 24:00:00"],
  ],
] as const)("%s with %j does not accept other texts", (type, source, texts) => {
  const form = formOf(type, source);
  expect(texts.filter((text) => accepts(type, form, text))).toEqual([]);
});

test.each(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Monrovia"])(
  "times in %s without an offset become the same instants in DuckDB and in the second reading",
  async (timeZone) => {
    const form = formOf("TIMESTAMP", { timeZone });
    const days = fc.date({ min: new Date("1850-01-01"), max: new Date("2037-01-01"), noInvalidDate: true });
    const changes = [
      "2024-03-31 02:30:00",
      "2024-10-27 02:30:00",
      "2024-03-10 02:30:00",
      "2024-11-03 01:30:00",
      "2024-10-06 02:15:00",
      "2024-04-07 01:45:00",
    ];
    const texts = [
      ...changes,
      ...fc.sample(days, { numRuns, seed }).map((date) => date.toISOString().slice(0, 19).replace("T", " ")),
      "2024-01-01 10:00:00+02",
      "2024-01-01T10:00:00.5Z",
      "2024-01-01",
    ];
    const found = await converted("TIMESTAMP", form, texts);
    for (const [index, text] of texts.entries())
      expect([text, sumOf("TIMESTAMP", form, text)]).toEqual([
        text,
        sumOf("TIMESTAMP", undefined, found[index] ?? ""),
      ]);
  },
);
