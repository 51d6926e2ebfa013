/** Texts of the source, DuckDB's values and Postgres' values have the same hashes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type ColumnType, columnTypes, defineDataset, Period } from "../../../dataset";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../embedded-postgres";
import { serverAt } from "../../../job/database/connection";
import { PostgresDatabase } from "../../../job/database/postgres";
import { openEngine, type Engine } from "../../../job/engine/engine";
import { quoteLiteral } from "../../../job/engine/sql";
import { duckdbTypes } from "../../../job/engine/types";
import { CsvReading } from "../../../job/fingerprint/csv-reading";
import { differences, type Fingerprint } from "../../../job/fingerprint/fingerprint";
import { fingerprintOf } from "../../../job/fingerprint/raw";
import { copyOf } from "../database/support";
import { cleanUp, newHome } from "../integration/support";

const spec = defineDataset({
  id: "all_types",
  description: "One column of each type.",
  source: { url: "x.csv", format: "csv" },
  grain: "once",
  columns: columnTypes.map((type) => ({ name: `A_${type}`, type, description: "x" })),
});

let folder: string;
let engine: Engine;
let server: EmbeddedPostgres;
let database: PostgresDatabase;
beforeAll(async () => {
  folder = newHome();
  engine = await openEngine(join(folder, "warehouse.duckdb"), () => undefined);
  server = await startEmbeddedPostgres(join(folder, "postgres"));
  database = await PostgresDatabase.connect(serverAt(server.url));
});
afterAll(async () => {
  await database.close();
  await server.stop();
  engine.close();
  await cleanUp();
});

const padded = (value: number, length: number) => String(value).padStart(length, "0");
const date = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) => `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`);
const time = fc
  .tuple(
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom("", ".5", ".000001", ".123456", ".120000"),
  )
  .map(
    ([hour, minute, second, rest]) => `${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}${rest}`,
  );
const local = fc.tuple(date, time).map((parts) => parts.join(" "));
const digits = (least: number, most: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from({ length: 10 }, (_, digit) => String(digit))),
    minLength: least,
    maxLength: most,
  });
const sign = fc.constantFrom("", "-", "+");

/** Valid texts of each type. */
const texts: Readonly<Record<ColumnType, fc.Arbitrary<string>>> = {
  STRING: fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
    )
    .map((text) => text.replaceAll("\0", "0")),
  INTEGER: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    fc.tuple(sign, digits(1, 9)).map((parts) => parts.join("")),
  ),
  FLOAT: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.tuple(sign, digits(1, 12), fc.constant("."), digits(1, 9)).map((parts) => parts.join("")),
    fc.constantFrom("0", "-0", "0.0", "-0.0", "1e308", "5e-324", "0.1", "123456789012345678"),
  ),
  NUMERIC: fc.tuple(sign, digits(1, 28), fc.constant("."), digits(1, 9)).map((parts) => parts.join("")),
  BOOLEAN: fc.constantFrom("true", "false", "TRUE", "f", "t", "0", "1"),
  DATE: date,
  DATETIME: local,
  TIMESTAMP: fc
    .tuple(local, fc.constantFrom("", "+00", "Z", "+05:30", "-08:00"))
    // At the limits of the range, a time with an offset would be out of range.
    .map(([text, zone]) => (/^(0001|9999)/.test(text) ? text : text + zone)),
};
const record = fc.tuple(...columnTypes.map((type) => fc.option(texts[type], { freq: 6 })));

function csvOf(records: readonly (readonly (string | null)[])[]): string {
  const field = (text: string | null) => (text === null ? "" : `"${text.replaceAll('"', '""')}"`);
  return [columnTypes, ...records].map((row) => `${row.map(field).join(",")}\n`).join("");
}

function reading(csv: Buffer, size: number): Fingerprint {
  const found = new CsvReading({
    dialect: { delimiter: 44, quote: 34 },
    nullValues: [""],
    types: columnTypes,
  });
  for (let at = csv.indexOf("\n") + 1; at < csv.length; at += size) found.push(csv.subarray(at, at + size));
  found.finish();
  expect([found.odd, ...found.unread]).toEqual([0, ...columnTypes.map(() => 0)]);
  const columns = new Map(spec.columns.map(({ name }, index) => [name, found.sums[index] ?? missing]));
  return { place: "the source", rows: found.rows, columns };
}
const missing = { values: -1, sum: 0n };

test("guarantee 16: All destinations have the same values: as text, in DuckDB and in Postgres", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 3000 }),
      async (records, size) => {
        const csv = Buffer.from(csvOf(records));
        const file = join(folder, "all.csv");
        writeFileSync(file, csv);
        const list = columnTypes.map((type) => `CAST("${type}" AS ${duckdbTypes[type]}) AS "A_${type}"`);
        const query = `SELECT ${list.join(", ")} FROM read_csv(${quoteLiteral(file)}, all_varchar = true,
          header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, parallel = false,
          columns = {${columnTypes.map((type) => `'${type}': 'VARCHAR'`).join(", ")}})`;
        const inEngine = await fingerprintOf("the lake", engine.connection, spec, query);
        expect(differences(reading(csv, size), inEngine)).toEqual([]);
        const rows = await copyOf(engine.connection, query, spec);
        await database.replace(spec, Period.once, "key", rows);
        expect(differences(inEngine, await database.fingerprint(spec, Period.once))).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});

test("a fingerprint detects a single changed value in its column, and does not depend on the order of rows", async () => {
  const values = (list: string) => `SELECT NULL::VARCHAR, n::BIGINT, n::DOUBLE, n::DECIMAL(38,9), n > 1,
    DATE '2000-01-01' + n::INTEGER, TIMESTAMP '2000-01-01' + to_days(n::INTEGER),
    TIMESTAMPTZ '2000-01-01 00:00:00Z' + to_days(n::INTEGER) FROM (VALUES ${list}) AS t (n)`;
  const of = (list: string) => fingerprintOf("the lake", engine.connection, spec, values(list));
  const first = await of("(1), (2), (3)");
  expect(differences(first, await of("(3), (1), (2)"))).toEqual([]);
  const columns = differences(first, await of("(3), (1), (5)")).map((text) => text.split(":")[0]);
  expect(columns).toEqual(
    ["INTEGER", "FLOAT", "NUMERIC", "DATE", "DATETIME", "TIMESTAMP"].map((type) => `column A_${type}`),
  );
});
