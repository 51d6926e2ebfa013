import { defineDataset, type PeriodicProps } from "../../dataset";
import { ConfigurationError } from "../../errors/faults";

const good: PeriodicProps = {
  id: "orders",
  description: "Orders, one row an order.",
  source: { url: "https://example.com/orders-{year}-{month}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2020-01",
  columns: [
    { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Number of the order." },
    { name: "placed_at", type: "TIMESTAMP", description: "When it was placed." },
    { name: "amount", type: "NUMERIC", description: "In dollars.", aliases: ["total"] },
  ],
};

/** Values that the types would refuse too: a specification can be written in JavaScript, and read from JSON. */
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

test("defaults are filled in", () => {
  expect(defineDataset(good)).toMatchObject({
    source: { compression: "none", nullValues: [""], delimiter: ",", quote: '"' },
    partition: { column: "_period", granularity: "month" },
    cluster: [],
    badRows: { action: "fail" },
  });
});

test.each<[string, Change, string]>([
  ["an id BigQuery and Postgres refuse", { id: "My-Orders" }, 'id: "My-Orders" must be lower-case'],
  ["an id too long for a partition's name", { id: "a".repeat(41) }, "has 41 characters, more than 40"],
  ["an empty description", { description: " " }, "description: must not be empty"],
  [
    "a template without the period",
    { source: { url: "https://example.com/orders.csv", format: "csv" } },
    "does not name the period",
  ],
  [
    "a template with the year alone",
    { source: { url: "https://example.com/{year}.csv", format: "csv" } },
    "does not name the period",
  ],
  [
    "an unknown placeholder",
    { source: { url: "https://example.com/{perid}.csv", format: "csv" } },
    "{perid} is not known; a month's file may use {period}, {year}, {month}",
  ],
  [
    "a scheme that cannot be read",
    { source: { url: "ftp://example.com/{period}", format: "csv" } },
    'the scheme "ftp" is not supported',
  ],
  [
    "a compressed Parquet file",
    { source: { url: "https://example.com/{period}", format: "parquet", compression: "gzip" } },
    "source.compression: a Parquet file is compressed inside",
  ],
  [
    "two characters as a delimiter",
    { source: { url: "https://example.com/{period}", format: "csv", delimiter: "||" } },
    'source.delimiter: "||" must be one character of ASCII',
  ],
  [
    "a quote of two bytes",
    { source: { url: "https://example.com/{period}", format: "csv", quote: "«" } },
    'source.quote: "«" must be one character of ASCII',
  ],
  [
    "a line break as a delimiter",
    { source: { url: "https://example.com/{period}", format: "csv", delimiter: "\n" } },
    'source.delimiter: "\\n" must be one character of ASCII, and no line break',
  ],
  [
    "quotes in a text that means NULL",
    { source: { url: "https://example.com/{period}", format: "csv", nullValues: ['""'] } },
    'source.nullValues: "\\"\\"" must not hold',
  ],
  [
    "a system column of Postgres",
    { columns: [...good.columns, { name: "CTID", type: "STRING", description: "x" }] },
    "columns.CTID: every table of Postgres has a system column",
  ],
  ["no first period", { firstPeriod: undefined }, "firstPeriod: is missing"],
  [
    "a first period of another grain",
    { firstPeriod: "2020-01-01" },
    'firstPeriod: period "2020-01-01" is not a month',
  ],
  [
    "a last period before the first",
    { lastPeriod: "2019-12" },
    "lastPeriod: 2019-12 is before firstPeriod 2020-01",
  ],
  [
    "periods for once",
    { grain: "once", source: { url: "x.csv", format: "csv" } },
    "a data set ingested whole has no periods",
  ],
  [
    "an impossible cron",
    { schedule: { cron: "99 6 2 * *" } },
    'schedule.cron: "99 6 2 * *" is no cron expression',
  ],
  ["a cron of six fields", { schedule: { cron: "0 0 6 2 * *" } }, "must have five fields"],
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
    "a column twice, by case alone",
    { columns: [...good.columns, { name: "ID", type: "STRING", description: "x" }] },
    "columns.ID: is there twice",
  ],
  [
    "an alias that is another column",
    { columns: [...good.columns, { name: "sum", type: "FLOAT", description: "x", aliases: ["Total"] }] },
    'columns.sum: the header "total" already means amount',
  ],
  [
    "a reserved name",
    { columns: [...good.columns, { name: "_PARTITIONTIME", type: "DATE", description: "x" }] },
    "BigQuery keeps names",
  ],
  [
    "the platform's own column",
    { columns: [...good.columns, { name: "_period", type: "DATE", description: "x" }] },
    "the platform adds this column itself",
  ],
  [
    "a folder of the lake",
    { columns: [...good.columns, { name: "Year", type: "INTEGER", description: "x" }] },
    "is also a folder of the lake (year=...)",
  ],
  [
    "a name with a space",
    { columns: [...good.columns, { name: "a b", type: "STRING", description: "x" }] },
    "columns.a b: must be letters",
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
    'partition.column: there is no column "day"; there are id, placed_at, amount, _period',
  ],
  ["a partition by text", { partition: { column: "id" } }, "partition.column: id is INTEGER"],
  ["an unknown cluster column", { cluster: ["colour"] }, 'cluster: there is no column "colour"'],
  [
    "five cluster columns",
    { cluster: ["id", "placed_at", "amount", "_period", "id"] },
    "cluster: 5 columns, more than the 4",
  ],
  [
    "a negative limit",
    { badRows: { action: "reject", limit: -1 } },
    "badRows.limit: -1 must be a whole number",
  ],
])("%s is refused", (_name, change, message) => {
  expect(faultsOf(change).join("\n")).toContain(message);
});

test("all faults come in one message that names the data set", () => {
  expect(() =>
    defineDataset({ ...good, description: "", schedule: { cron: "never" }, cluster: ["colour"] }),
  ).toThrow(/^data set orders: 3 faults\n {2}- description: .*\n {2}- schedule\.cron: .*\n {2}- cluster: /);
});
