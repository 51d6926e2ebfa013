import { decorated, inPartition, type Partitioning } from "../../support/cloud/bigquery-partition";

const months: Partitioning = { column: "day", columnType: "DATE", unit: "MONTH" };

test("decorated splits a table name and a partition", () => {
  expect(decorated("trips$201901")).toEqual(["trips", "201901"]);
  expect(decorated("trips")).toBeUndefined();
});

test.each<[string, Partitioning, string, string]>([
  ["201812", months, "DATE '2018-12-01'", "DATE '2019-01-01'"],
  ["20200229", { ...months, unit: "DAY" }, "DATE '2020-02-29'", "DATE '2020-03-01'"],
  ["2019", { ...months, unit: "YEAR" }, "DATE '2019-01-01'", "DATE '2020-01-01'"],
  [
    "2019123123",
    { column: "day", columnType: "TIMESTAMP", unit: "HOUR" },
    "TIMESTAMP '2019-12-31 23:00:00'",
    "TIMESTAMP '2020-01-01 00:00:00'",
  ],
])("inPartition returns the condition for %s", (partition, partitioning, from, to) => {
  expect(inPartition(partition, partitioning)).toBe(`\`day\` >= ${from} AND \`day\` < ${to}`);
});

test("inPartition rejects a partition of another unit", () => {
  expect(() => inPartition("20190131", months)).toThrow(
    "$20190131 is not a valid partition of a table with one per MONTH",
  );
});
