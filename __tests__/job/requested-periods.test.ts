import fc from "fast-check";
import { defineDataset, formatOf, type TaskPlace } from "../../dataset";
import { requestedPeriods } from "../../job/requested-periods";
import { locate, shownAddress } from "../../job/source/location";

const spec = defineDataset({
  id: "trips",
  description: "Trips.",
  source: { url: "trips-{period}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2019-01",
  lastPeriod: "2021-07",
  columns: [{ name: "a", type: "INTEGER", description: "x" }],
});
const today = new Date("2020-06-15T12:00:00Z");

type Selection = Parameters<typeof requestedPeriods>[1];

function labels(asked: Selection, task?: TaskPlace): string[] {
  return requestedPeriods(spec, asked, today, task).map(({ label }) => label);
}

const taskOf = (index: number, count: number): TaskPlace => ({ index, count, execution: "dev-backfill-x" });

test("requestedPeriods returns periods in order, without duplicates", () => {
  expect(labels({ period: ["2019-03", "2019-01", "2019-03"] })).toEqual(["2019-01", "2019-03"]);
  expect(labels({ from: "2019-11", to: "2020-02" })).toEqual(["2019-11", "2019-12", "2020-01", "2020-02"]);
});

test.each([
  [{}, "trips: specify the periods: --period 2019-01, or --from 2019-01 --to 2019-01"],
  [{ from: "2019-01" }, "specify the periods"],
  [{ period: ["2019-01"], from: "2019-01", to: "2019-02" }, "use either --period, or --from and --to"],
  [{ period: ["2019-1"] }, 'trips: period "2019-1" is not a valid month: use the format 2019-01'],
  [{ period: ["2018-12"] }, "trips: period 2018-12 is out of range: the first period is 2019-01"],
  [{ period: ["2021-08"] }, "period 2021-08 is out of range: the last period is 2021-07"],
  [{ period: ["2020-07"] }, "period 2020-07 is out of range: it has not started"],
  [{ from: "2019-03", to: "2019-01" }, "the range 2019-03 to 2019-01 ends before it starts"],
])("requestedPeriods rejects %j", (asked, message) => {
  expect(() => labels(asked)).toThrow(message);
});

test("shownAddress contains no secret", () => {
  const location = locate("https://user:secret@example.com/trips.csv?sig=secret");
  expect(shownAddress(location)).toBe("https://example.com/trips.csv");
});

test("formatOf determines the format by the extension of the source", () => {
  const specified = { format: "parquet", compression: "none" } as const;
  expect(formatOf("trips.csv.gz", specified)).toEqual({ format: "csv", compression: "gzip" });
  expect(formatOf("TRIPS.CSV", specified)).toEqual({ format: "csv", compression: "none" });
  expect(formatOf("trips.parquet", { format: "csv", compression: "gzip" })).toEqual(specified);
  expect(formatOf("trips", specified)).toEqual(specified);
});

test("requestedPeriods accepts several periods separated by commas", () => {
  expect(labels({ period: ["2019-03,2019-01", "2019-02"] })).toEqual(["2019-01", "2019-02", "2019-03"]);
  expect(() => labels({ period: ["2019-03,"] })).toThrow('period "" is not a valid month');
});

test("requestedPeriods gives the nth task the nth period as selected", () => {
  const list = { period: ["2019-07,2019-04,2019-02"] };
  expect([0, 1, 2, 3].map((index) => labels(list, taskOf(index, 4)))).toEqual([
    ["2019-07"],
    ["2019-04"],
    ["2019-02"],
    [],
  ]);
  const range = { from: "2019-11", to: "2020-02" };
  expect([0, 1, 2].map((index) => labels(range, taskOf(index, 3)))).toEqual([
    ["2019-11", "2020-02"],
    ["2019-12"],
    ["2020-01"],
  ]);
});

test("requestedPeriods gives every period to exactly one task, whatever their number and the attempt", () => {
  const months = fc
    .integer({ min: 0, max: 17 })
    .map((month) => `${2019 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`);
  const selections: fc.Arbitrary<Selection> = fc.oneof(
    fc.array(months, { minLength: 1 }).map((all) => ({ period: [all.join(",")] })),
    fc
      .tuple(months, months)
      .map(([one, other]) => (one < other ? { from: one, to: other } : { from: other, to: one })),
  );
  fc.assert(
    fc.property(selections, fc.integer({ min: 2, max: 30 }), (selection, count) => {
      const tasks = Array.from({ length: count }, (_, index) => labels(selection, taskOf(index, count)));
      expect(tasks.flat().sort()).toEqual(labels(selection));
      expect(Array.from({ length: count }, (_, index) => labels(selection, taskOf(index, count)))).toEqual(
        tasks,
      );
    }),
  );
});

test("requestedPeriods rejects a period that is out of range in its own task only", () => {
  const list = { period: ["2018-12,2019-01"] };
  expect(() => labels(list, taskOf(0, 2))).toThrow("period 2018-12 is out of range");
  expect(labels(list, taskOf(1, 2))).toEqual(["2019-01"]);
});
