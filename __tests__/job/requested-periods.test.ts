import { defineDataset } from "../../dataset";
import { requestedPeriods } from "../../job/requested-periods";
import { formatOf, locate, shownAddress } from "../../job/source/location";

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

function labels(asked: Parameters<typeof requestedPeriods>[1]): string[] {
  return requestedPeriods(spec, asked, today).map(({ label }) => label);
}

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
