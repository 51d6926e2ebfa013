import { defineDataset, type PeriodicProps } from "../../dataset";
import { ConfigurationError } from "../../errors/faults";

const good: PeriodicProps = {
  id: "orders",
  description: "Orders, one row per order.",
  source: { url: "https://example.com/orders-{year}-{month}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2020-01",
  columns: [
    { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Number of the order." },
    { name: "placed_at", type: "TIMESTAMP", description: "When it was placed." },
    { name: "amount", type: "NUMERIC", description: "In dollars.", aliases: ["total"] },
  ],
};

/** Includes values that the types reject: a specification can also come from JavaScript or JSON. */
type Change = { readonly [Field in keyof PeriodicProps]?: unknown };

function faultsOf(change: Change): readonly string[] {
  try {
    defineDataset(Object.assign({ ...good }, change));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

test("defineDataset applies the defaults", () => {
  expect(defineDataset(good)).toMatchObject({
    source: { compression: "none", nullValues: [""], delimiter: ",", quote: '"' },
    partition: { column: "_period", granularity: "month" },
    cluster: [],
    badRows: { action: "fail" },
  });
});

test.each<[string, Change, string]>([
  [
    "an id that BigQuery and Postgres reject",
    { id: "My-Orders" },
    'id: "My-Orders" must contain only lowercase',
  ],
  ["an id too long for a partition's name", { id: "a".repeat(41) }, "has 41 characters; the maximum is 40"],
  ["an empty description", { description: " " }, "description: must not be empty"],
  [
    "a template without the period",
    { source: { url: "https://example.com/orders.csv", format: "csv" } },
    "does not identify the period",
  ],
  [
    "a template with the year alone",
    { source: { url: "https://example.com/{year}.csv", format: "csv" } },
    "does not identify the period",
  ],
  [
    "an unknown placeholder",
    { source: { url: "https://example.com/{perid}.csv", format: "csv" } },
    "{perid} is not a valid placeholder; for the grain month, use {period}, {year}, {month}",
  ],
  [
    "an unsupported scheme",
    { source: { url: "ftp://example.com/{period}", format: "csv" } },
    'the scheme "ftp" is not supported',
  ],
  [
    "a compressed Parquet file",
    { source: { url: "https://example.com/{period}", format: "parquet", compression: "gzip" } },
    "source.compression: Parquet files are compressed internally",
  ],
  ["an engine that does not exist", { engine: "pandas" }, 'engine: "pandas" must be one of duckdb, bigquery'],
  [
    "a Parquet file for BigQuery",
    { engine: "bigquery", source: { url: "https://example.com/{period}", format: "parquet" } },
    "engine: bigquery converts csv, but source.format is parquet",
  ],
  [
    "two characters as a delimiter",
    { source: { url: "https://example.com/{period}", format: "csv", delimiter: "||" } },
    'source.delimiter: "||" must be a single ASCII character',
  ],
  [
    "a quote of two bytes",
    { source: { url: "https://example.com/{period}", format: "csv", quote: "«" } },
    'source.quote: "«" must be a single ASCII character',
  ],
  [
    "a line break as a delimiter",
    { source: { url: "https://example.com/{period}", format: "csv", delimiter: "\n" } },
    'source.delimiter: "\\n" must be a single ASCII character other than a line break',
  ],
  [
    "quotes in a text that means NULL",
    { source: { url: "https://example.com/{period}", format: "csv", nullValues: ['""'] } },
    'source.nullValues: "\\"\\"" must not contain',
  ],
  [
    "a system column of Postgres",
    { columns: [...good.columns, { name: "CTID", type: "STRING", description: "x" }] },
    "columns.CTID: Postgres reserves this name for a system column",
  ],
  ["no first period", { firstPeriod: undefined }, "firstPeriod: is missing"],
  [
    "a first period of another grain",
    { firstPeriod: "2020-01-01" },
    'firstPeriod: period "2020-01-01" is not a valid month',
  ],
  [
    "a last period before the first",
    { lastPeriod: "2019-12" },
    "lastPeriod: 2019-12 is before firstPeriod 2020-01",
  ],
  [
    "periods for once",
    { grain: "once", source: { url: "x.csv", format: "csv" } },
    "a data set with the grain once has no periods",
  ],
  [
    "an impossible cron expression",
    { schedule: { cron: "99 6 2 * *" } },
    'schedule.cron: "99 6 2 * *" is not a valid cron expression',
  ],
  [
    "a shorthand that does not exist",
    { schedule: { cron: "@fortnightly" } },
    "or be @monthly, @weekly, @daily, @hourly",
  ],
  [
    "a size with a hyphen",
    { size: "extra-large" },
    'size: "extra-large" must have at most 16 lowercase letters',
  ],
  ["a cron expression with six fields", { schedule: { cron: "0 0 6 2 * *" } }, "must have five fields"],
  [
    "an unknown time zone",
    { schedule: { cron: "0 6 2 * *", timeZone: "Mars/Base" } },
    'schedule.timeZone: "Mars/Base"',
  ],
  [
    "a fraction of a period",
    { schedule: { cron: "0 6 2 * *", periodsBehind: 0.5 } },
    "schedule.periodsBehind: 0.5",
  ],
  ["no columns", { columns: [] }, "columns: must not be empty"],
  [
    "two columns that differ only in case",
    { columns: [...good.columns, { name: "ID", type: "STRING", description: "x" }] },
    "columns.ID: is defined twice",
  ],
  [
    "an alias of another column",
    { columns: [...good.columns, { name: "sum", type: "FLOAT", description: "x", aliases: ["Total"] }] },
    'columns.sum: the header "total" already maps to the column amount',
  ],
  [
    "a reserved name",
    { columns: [...good.columns, { name: "_PARTITIONTIME", type: "DATE", description: "x" }] },
    "BigQuery reserves names",
  ],
  [
    "the platform's own column",
    { columns: [...good.columns, { name: "_period", type: "DATE", description: "x" }] },
    "is a reserved name; the platform adds this column",
  ],
  [
    "a folder of the lake",
    { columns: [...good.columns, { name: "Year", type: "INTEGER", description: "x" }] },
    "conflicts with a folder of the lake (year=...)",
  ],
  [
    "a name with a space",
    { columns: [...good.columns, { name: "a b", type: "STRING", description: "x" }] },
    "columns.a b: must contain only letters",
  ],
  [
    "optional and required",
    {
      columns: [
        ...good.columns,
        { name: "x", type: "STRING", mode: "REQUIRED", optional: true, description: "x" },
      ],
    },
    "columns.x: cannot be both optional and REQUIRED",
  ],
  [
    "an unknown partition column",
    { partition: { column: "day" } },
    'partition.column: column "day" does not exist; available columns: id, placed_at, amount, _period',
  ],
  ["a partition by text", { partition: { column: "id" } }, "partition.column: id is INTEGER"],
  ["an unknown cluster column", { cluster: ["colour"] }, 'cluster: column "colour" does not exist'],
  [
    "five cluster columns",
    { cluster: ["id", "placed_at", "amount", "_period", "id"] },
    "cluster: has 5 columns; BigQuery allows at most 4",
  ],
  [
    "a negative limit",
    { badRows: { action: "reject", limit: -1 } },
    "badRows.limit: -1 must be a non-negative integer",
  ],
])("defineDataset rejects %s", (_name, change, message) => {
  expect(faultsOf(change).join("\n")).toContain(message);
});

test("defineDataset reports all faults in one message with the data set", () => {
  expect(() =>
    defineDataset({ ...good, description: "", schedule: { cron: "never" }, cluster: ["colour"] }),
  ).toThrow(/^data set orders: 3 faults\n {2}- description: .*\n {2}- schedule\.cron: .*\n {2}- cluster: /);
});
