import { TourFailure } from "../../tour/failure";
import { readSummary } from "../../tour/ingest";

const summary = {
  run: "r1",
  dataset: "yellow_tripdata",
  periods: [
    {
      period: "2019-01",
      changed: false,
      rows: { read: 3, rejected: 1, parquet: 2, warehouse: 2, database: null },
      source: { url: "http://127.0.0.1:1/x.csv.gz", bytes: 10, sha256: "ab" },
      seconds: { extract: 0, parquetize: 0, publish: 0, warehouse: 0, database: 0, verify: 0 },
    },
  ],
};

test("readSummary parses the last line of the command", () => {
  expect(readSummary(JSON.stringify(summary))).toEqual(summary);
});

test.each([
  ["", /not a run summary.*JSON/],
  ["Done.", /not a run summary.*JSON/],
  [JSON.stringify({ ...summary, periods: [{ period: "2019-01" }] }), /not a run summary.*"changed"/s],
])("readSummary rejects other lines: %s", (line, message) => {
  expect(() => readSummary(line)).toThrow(TourFailure);
  expect(() => readSummary(line)).toThrow(message);
});
