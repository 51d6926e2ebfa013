import fc from "fast-check";
import type { ColumnType } from "../../dataset";

/** Valid texts of each type, and texts that are almost valid. */
export function nearlyValues(type: ColumnType): fc.Arbitrary<string> {
  const value = values[type];
  return fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 3, arbitrary: broken(value) },
    { weight: 2, arbitrary: fc.oneof(...Object.values(values)) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }).filter(isText) },
  );
}

/** The SQL that converts a column to the text of the strict parser. */
export function comparable(column: string, type: ColumnType): string {
  switch (type) {
    case "DATE":
      return `CAST(${column} - DATE '1970-01-01' AS VARCHAR)`;
    case "DATETIME":
    case "TIMESTAMP":
      return `CAST(epoch_us(${column}) AS VARCHAR)`;
    case "FLOAT":
      return column;
    default:
      return `CAST(${column} AS VARCHAR)`;
  }
}

const isText = (text: string) => !text.includes("\uFFFD") && !/\p{Surrogate}/u.test(text);

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789")), minLength: least, maxLength: most });
const padded = (least: number, most: number, width: number) =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(width, "0"));
const sign = fc.constantFrom("", "", "", "-", "+");
const around = fc.constantFrom("", "", "", "", " ", "\t");
const text = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
const constant = (...all: readonly string[]) => fc.constantFrom(...all);

const years = fc.oneof(
  { weight: 6, arbitrary: padded(1900, 2100, 4) },
  { weight: 3, arbitrary: padded(0, 9999, 4) },
  { weight: 1, arbitrary: constant("0001", "9999", "0000", "1900", "2000", "10000", "290000", "-001") },
);
const dates = text(
  years,
  constant("-"),
  fc.oneof(
    { weight: 6, arbitrary: text(padded(1, 12, 2), constant("-"), padded(1, 28, 2)) },
    { weight: 2, arbitrary: text(padded(0, 13, 2), constant("-"), padded(0, 32, 2)) },
    { weight: 1, arbitrary: constant("02-29", "02-30", "01-01", "12-31", "1-1", "13-01", "01-32") },
  ),
);
const clock = text(padded(0, 24, 2), constant(":"), padded(0, 60, 2));
const seconds = fc.oneof(
  { weight: 5, arbitrary: text(constant(":"), padded(0, 60, 2)) },
  { weight: 3, arbitrary: text(constant(":"), padded(0, 59, 2), constant("."), digits(0, 9)) },
  {
    weight: 1,
    arbitrary: text(constant(":"), padded(0, 59, 2), constant("."), digits(1, 6), constant("000", "0001")),
  },
  { weight: 1, arbitrary: constant("") },
);
const zones = fc.oneof(
  constant(
    "",
    "",
    "Z",
    " UTC",
    "UTC",
    " Z",
    "z",
    "+00",
    "+14:00",
    "-14:00",
    "+14:01",
    "+15",
    "-00:30",
    "+99:99",
    " America/New_York",
  ),
  text(constant("+", "-"), padded(0, 15, 2), constant("", ":"), padded(0, 61, 2)),
  text(constant("+", "-"), padded(0, 15, 2)),
);

const values: Readonly<Record<ColumnType, fc.Arbitrary<string>>> = {
  STRING: fc
    .oneof(
      fc.string({ unit: "grapheme", maxLength: 8 }),
      constant("", "NA", "a b", "größe", "x\0y", "\uFFFE"),
    )
    .filter(isText),
  INTEGER: fc.oneof(
    { weight: 6, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
    {
      weight: 4,
      arbitrary: text(around, sign, digits(0, 20), constant("", "", ".", ".0", ".00", ".5", "e2"), around),
    },
    constant("9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"),
    constant("9223372036854775807.0", "000000000000000000000000000001", "0x1F", "1_000", "+-1", "1,000"),
  ),
  FLOAT: fc.oneof(
    { weight: 5, arbitrary: fc.double().map(String) },
    {
      weight: 3,
      arbitrary: text(around, sign, digits(0, 25), constant("", ".", ".0"), digits(0, 25), around),
    },
    {
      weight: 3,
      arbitrary: text(
        sign,
        digits(0, 20),
        constant("", "."),
        digits(0, 20),
        constant("e", "E"),
        sign,
        digits(0, 4),
      ),
    },
    constant(
      "1e400",
      "-1e400",
      "1e-400",
      "1e308",
      "1.8e308",
      "5e-324",
      "2e-324",
      "+-1",
      "1_000.5",
      "nan",
      "NaN",
    ),
    constant(
      "+nan",
      "inf",
      "-Infinity",
      "INF",
      "infinit",
      "9007199254740993",
      "9007199254740992",
      "0x10",
      "1f",
    ),
  ),
  NUMERIC: fc.oneof(
    text(around, sign, digits(0, 31), constant("", "."), digits(0, 11), constant("", "", "000"), around),
    text(sign, digits(1, 29), constant("."), digits(1, 9)),
    constant("1e-10", "1e2", "55.066315446079813", "0.000000001", "0.0000000001", "-0", "-0.0", "+.5", "5."),
    constant(
      "99999999999999999999999999999.999999999",
      "100000000000000000000000000000",
      "NaN",
      "inf",
      "1_0",
    ),
  ),
  BOOLEAN: constant(
    ...["true", "false", "TRUE", "False", "t", "F", "yes", "No", "y", "n", "1", "0"],
    ...["2", "-1", "on", "off", "tru", "truee", " true", "1.0", "wahr", "ye"],
  ),
  DATE: fc.oneof(
    { weight: 8, arbitrary: text(around, dates, around) },
    constant(
      "infinity",
      "-infinity",
      "epoch",
      "today",
      "2020-01-01 BC",
      "20-01-01",
      "20200101",
      "2020/01/01",
    ),
    constant("2020-01-01garbage", "2020-01-01 00:00:00", "2020-01-01T00:00:00Z", "2020-001", "2020-W01-1"),
  ),
  DATETIME: fc.oneof(
    { weight: 8, arbitrary: text(around, dates, constant(" ", "T", "T", "t", "  "), clock, seconds, around) },
    { weight: 1, arbitrary: dates },
    { weight: 1, arbitrary: text(dates, constant(" "), clock, seconds, zones) },
    constant("infinity", "now", "2020-01-01 24:00:00", "2020-01-01 10", "2020-01-01 10:00 PM", "1577836800"),
  ),
  TIMESTAMP: fc.oneof(
    { weight: 8, arbitrary: text(around, dates, constant(" ", "T"), clock, seconds, zones, around) },
    {
      weight: 2,
      arbitrary: text(constant("0001-01-01", "9999-12-31"), constant("T"), clock, seconds, zones),
    },
    { weight: 1, arbitrary: text(dates, zones) },
    constant("infinity", "01/02/2020 03:04", "1577836800", "2020-13-45 00:00:00", "N/A"),
  ),
};

/** A value with one character added, removed or replaced. */
function broken(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const insert = fc.constantFrom(
    ...Array.from("0123456789-+.eE:TZ _,/x'\""),
    " ",
    "\t",
    "\n",
    "\u00a0",
    "\u0660",
  );
  return fc
    .tuple(value, fc.nat(), insert, fc.constantFrom("insert", "remove", "replace"))
    .map(([original, place, character, change]) => {
      const at = place % (original.length + 1);
      const rest = original.slice(at + (change === "insert" ? 0 : 1));
      return original.slice(0, at) + (change === "remove" ? "" : character) + rest;
    })
    .filter(isText);
}
