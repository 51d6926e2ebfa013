import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import * as z from "zod/mini";
import { columnTypes, type ColumnType } from "../../../dataset";
import { parquetValue } from "../../../job/engine/parquet-values";
import { queryRows } from "../../../job/engine/rows";
import { readParquet } from "../../../job/engine/parquet-file";
import { NoValue, strictValue } from "../strict";
import { comparable, nearlyValues } from "../values";
import { testDatabase } from "../duckdb";

let folder: string;
const database = testDatabase();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-parquet-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rejected = "rejected";

/** The converted values of a Parquet column; `rejected` for invalid ones. */
async function converted(values: string, type: ColumnType): Promise<unknown[]> {
  const file = join(folder, "x.parquet");
  await database.connection.run(`COPY (SELECT v FROM (${values}) AS t(v)) TO '${file}' (FORMAT parquet)`);
  const [described] = await queryRows(database.connection, `DESCRIBE SELECT * FROM ${readParquet(file)}`);
  const found = String(described?.["column_type"]);
  const column = {
    name: "v",
    type,
    mode: "NULLABLE",
    description: "x",
    aliases: [],
    optional: false,
  } as const;
  const { value, wrong } = parquetValue({ header: "v", type: found, column });
  const reader = await database.connection.runAndReadAll(
    `SELECT coalesce(v IS NOT NULL AND (${wrong}), false), ${comparable(value, type)} FROM ${readParquet(file)}`,
  );
  return reader.getRowsJS().map(([isWrong, value]) => {
    if (isWrong === true) return rejected;
    if (value === null) return null;
    return Object.is(value, -0) ? "-0" : shown(value);
  });
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

test.each(columnTypes)("fromParquet accepts the same texts for %s as in CSV", async (type) => {
  const samples = fc
    .sample(nearlyValues(type), {
      numRuns: Number(process.env["FUZZ_RUNS"] ?? 1_000),
      seed: Number(process.env["FUZZ_SEED"] ?? 20_240_101),
    })
    .filter((text) => !text.includes("\0"));
  const expected = samples.map((text) => {
    try {
      return strictValue(type, text);
    } catch (error) {
      if (error instanceof NoValue) return rejected;
      throw error;
    }
  });
  const rows = samples.map((text) => `(${literal(text)})`).join(", ");
  expect(await converted(`VALUES ${rows}`, type)).toEqual(expected);
});

/** SQL of the file's values, the type of the column, and the converted values. */
const cases: readonly (readonly [string, ColumnType, readonly (string | null)[]])[] = [
  ["(2.5::DECIMAL(4,1)), (2.0), (NULL), (-999.9)", "INTEGER", [rejected, "2", null, rejected]],
  ["(9007199254740993::DECIMAL(38,2)), (9007199254740993.01)", "INTEGER", ["9007199254740993", rejected]],
  [
    "(2.5::DOUBLE), (-2.0), (1e300), ('nan'::DOUBLE), ('inf'::DOUBLE)",
    "INTEGER",
    [rejected, "-2", rejected, rejected, rejected],
  ],
  [
    "(9223372036854775808::DOUBLE), (-9223372036854775808::DOUBLE)",
    "INTEGER",
    [rejected, "-9223372036854775808"],
  ],
  ["(1.5::FLOAT), (16777216::FLOAT)", "INTEGER", [rejected, "16777216"]],
  ["(18446744073709551615::UBIGINT), (7::UBIGINT)", "INTEGER", [rejected, "7"]],
  ["(true), (false)", "INTEGER", [rejected, rejected]],
  ["(DATE '2020-01-01')", "INTEGER", [rejected]],
  ["(9007199254740993::BIGINT), (9007199254740992), (-7)", "FLOAT", [rejected, "9007199254740992", "-7"]],
  ["(0.1::DECIMAL(9,1)), (-12345.5)", "FLOAT", ["0.1", "-12345.5"]],
  ["(1234567890123456789.123456789::DECIMAL(38,9)), (0.5)", "FLOAT", [rejected, "0.5"]],
  ["(0.1::FLOAT), ('nan'::FLOAT), ('-inf'::FLOAT)", "FLOAT", ["0.10000000149011612", "NaN", "-Infinity"]],
  [
    "(0.1::DOUBLE), (1e-10), (1e28), (1e30), (12345678.1), ('nan'::DOUBLE)",
    "NUMERIC",
    [
      "0.100000000",
      rejected,
      "10000000000000000000000000000.000000000",
      rejected,
      "12345678.100000000",
      rejected,
    ],
  ],
  ["(1::DOUBLE / 3), (-0.5)", "NUMERIC", [rejected, "-0.500000000"]],
  ["(0.1234567891::DECIMAL(20,10)), (0.123456789)", "NUMERIC", [rejected, "0.123456789"]],
  ["(170141183460469231731687303715884105727::HUGEINT), (5)", "NUMERIC", [rejected, "5.000000000"]],
  ["(0::INTEGER), (1), (2), (-5), (NULL)", "BOOLEAN", ["false", "true", rejected, rejected, null]],
  ["(0::DOUBLE), (1), (0.5)", "BOOLEAN", ["false", "true", rejected]],
  [
    "(TIMESTAMP '2020-06-01 12:30:00'), (TIMESTAMP '2020-06-02'), (TIMESTAMP 'infinity')",
    "DATE",
    [rejected, "18415", rejected],
  ],
  [
    "(TIMESTAMP_NS '2020-06-02 00:00:00.000000001'), (TIMESTAMP_NS '2020-06-02')",
    "DATE",
    [rejected, "18415"],
  ],
  ["(TIMESTAMPTZ '2020-06-02 00:00:00Z')", "DATE", [rejected]],
  [
    "(DATE 'infinity'), (DATE '10000-01-01'), (DATE '9999-12-31'), (DATE '0001-01-01'), (DATE '0001-01-01' - 1)",
    "DATE",
    [rejected, rejected, "2932896", "-719162", rejected],
  ],
  ["(18415::INTEGER)", "DATE", [rejected]],
  [
    "(TIMESTAMP_NS '2020-01-01 00:00:00.123456789'), (TIMESTAMP_NS '2020-01-01 00:00:00.123456')",
    "DATETIME",
    [rejected, "1577836800123456"],
  ],
  [
    "(TIMESTAMP_S '2020-01-01 00:00:01'), (TIMESTAMP_S '10000-01-01 00:00:00')",
    "DATETIME",
    ["1577836801000000", rejected],
  ],
  ["(TIMESTAMP_MS '2020-01-01 00:00:01.5')", "DATETIME", ["1577836801500000"]],
  ["(TIMESTAMPTZ '2020-01-01 00:00:00Z')", "DATETIME", [rejected]],
  ["(DATE '2020-01-01')", "DATETIME", ["1577836800000000"]],
  [
    "(TIMESTAMP 'infinity'), (TIMESTAMP '-infinity'), (TIMESTAMP '9999-12-31 23:59:59.999999')",
    "DATETIME",
    [rejected, rejected, "253402300799999999"],
  ],
  [
    "(TIMESTAMPTZ '2020-01-01 02:00:00+02'), (TIMESTAMPTZ 'infinity'), (TIMESTAMPTZ '9999-12-31 23:00:00-02')",
    "TIMESTAMP",
    ["1577836800000000", rejected, rejected],
  ],
  ["(TIMESTAMP '2020-01-01 00:00:00')", "TIMESTAMP", ["1577836800000000"]],
  ["(1577836800::BIGINT)", "TIMESTAMP", [rejected]],
  ["(encode('größe')), ('\\xFF'::BLOB), (NULL)", "STRING", ["größe", rejected, null]],
  ["([1, 2])", "STRING", [rejected]],
  ["({'a': 1})", "STRING", [rejected]],
  ["(MAP {'a': 1})", "STRING", [rejected]],
  ["(TIME '10:00:00')", "STRING", [rejected]],
  ["(INTERVAL 1 DAY)", "STRING", [rejected]],
  ["(5), (NULL)", "STRING", ["5", null]],
  ["(true)", "STRING", ["true"]],
  ["(1.50::DECIMAL(9,2))", "STRING", ["1.50"]],
  ["(DATE '2020-01-01'), (DATE 'infinity')", "STRING", ["2020-01-01", rejected]],
  ["(TIMESTAMP '2020-01-01 10:00:00.5')", "STRING", ["2020-01-01 10:00:00.5"]],
  ["(UUID '00000000-0000-0000-0000-000000000001')", "STRING", ["00000000-0000-0000-0000-000000000001"]],
  ["(NULL::INTEGER)", "DATE", [null]],
  ["(NULL::INTEGER[])", "INTEGER", [null]],
];

test.each(cases)("fromParquet converts %s to %s", async (values, type, expected) => {
  expect(await converted(`VALUES ${values}`, type)).toEqual(expected);
});

test("fromParquet converts integers and floating-point numbers without loss, or rejects them", async () => {
  const doubles = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 300, seed: 7 });
  const near = fc.sample(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { numRuns: 300, seed: 8 });
  const all = [
    ...doubles,
    ...near,
    ...near.map(Math.round),
    ...near.map((value) => Math.round(value / 1e6) / 1e3),
  ];
  const rows = all.map((value) => `('${value}'::DOUBLE)`).join(", ");
  const whole = await converted(`VALUES ${rows}`, "INTEGER");
  const decimal = await converted(`VALUES ${rows}`, "NUMERIC");
  all.forEach((value, index) => {
    const fits = Number.isInteger(value) && value < 2 ** 63 && value >= -(2 ** 63);
    expect(whole[index]).toBe(fits ? String(BigInt(value)) : rejected);
    const shortest = String(value);
    const digits = /^-?(\d+)(?:\.(\d+))?$/.exec(shortest);
    const isPlain = digits !== null && (digits[1] ?? "").length <= 29 && (digits[2] ?? "").length <= 9;
    if (isPlain) expect(decimal[index]).toBe(strictValue("NUMERIC", shortest).replace(/^-(0\.0+)$/, "$1"));
    // JavaScript writes numbers of more than 21 digits with an exponent; DuckDB may accept them.
    else if (!shortest.includes("e+")) expect(decimal[index]).toBe(rejected);
  });
});

/** Floating-point values as numbers, all other values as text. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : z.string().parse(value);
}
