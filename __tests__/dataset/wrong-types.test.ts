import orders from "../../docs/examples/orders";
import { defineDataset } from "../../dataset";

/** Specifications as JavaScript sees them: the catalog is not type-checked when a command runs. */
const define = (props: object): unknown => Reflect.apply(defineDataset, undefined, [props]);
const { source, columns, badRows, ...rest } = orders;
const base = { ...rest, source, columns, badRows, partition: undefined };

test.each<[string, object, string]>([
  [
    "a text for a list",
    { source: { ...source, nullValues: "NA" } },
    'source.nullValues: "NA" must be an array',
  ],
  [
    "a misspelled format",
    { source: { ...source, format: "cvs" } },
    'source.format: "cvs" must be one of csv, jsonl, parquet',
  ],
  ["a misspelled format: what was meant", { source: { ...source, format: "cvs" } }, 'did you mean "csv"?'],
  [
    "a misspelled field",
    { source: { ...source, nulValues: [] } },
    'source: has unknown fields: nulValues (did you mean "nullValues"?)',
  ],
  [
    "a misspelled field of the data set",
    { shedule: {} },
    'specification: has unknown fields: shedule (did you mean "schedule"?)',
  ],
  [
    "a text for an object",
    { source: "https://example.com" },
    'source: "https://example.com" must be an object',
  ],
  ["a missing object", { source: undefined }, "source: is missing; must be an object"],
  ["an object for a list", { columns: {} }, "columns: {} must be an array"],
  ["a text for a column", { columns: ["id"] }, 'columns.0: "id" must be an object'],
  ["a text for a schedule", { schedule: "0 6 * * *" }, 'schedule: "0 6 * * *" must be an object'],
  [
    "a type that does not exist",
    { columns: [{ ...columns[0], type: "INT" }] },
    'columns.order_id.type: "INT" must be one of ',
  ],
  [
    "a text for true or false",
    { columns: [{ ...columns[0], optional: "yes" }] },
    'columns.order_id.optional: "yes" must be true or false',
  ],
  [
    "an unknown kind",
    { badRows: { action: "ignore" } },
    'badRows.action: "ignore" must be one of fail, reject',
  ],
  [
    "a wrong value of a union",
    { badRows: { action: "reject", limit: "some" } },
    'badRows.limit: "some" must be a number, or a text such as "1%"',
  ],
  [
    "a date that does not exist",
    { schedule: { cron: "0 0 31 2 *", timeZone: "Etc/UTC" } },
    'schedule.cron: "0 0 31 2 *" never occurs',
  ],
])("%s is named with its field and what was found", (_, change, message) => {
  expect(() => define({ ...base, ...change })).toThrow(message);
});
