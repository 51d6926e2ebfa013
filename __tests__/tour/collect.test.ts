import { stepNames, type Manifest } from "../../job/records";
import { checksOf, periodRejects, periodRows, stepBars, type PeriodFacts } from "../../tour/collect";

const manifest: Manifest = {
  version: 1,
  key: "yellow_tripdata/2019-01/aaaa/bbbb",
  run: "r1",
  dataset: "yellow_tripdata",
  period: "2019-01",
  spec: { version: 1, digest: "bbbb" },
  source: { url: "http://127.0.0.1:1/a.csv.gz", bytes: 4_000, sha256: "a".repeat(64), rows: 100 },
  parquet: { path: "raw/a.parquet", bytes: 3_000, sha256: "b".repeat(64), rows: 98 },
  rejects: { path: "rejects/a.jsonl", bytes: 300, sha256: "c".repeat(64), rows: 2 },
  warehouse: { table: "raw.yellow_tripdata", rows: 98 },
  database: { table: "raw.yellow_tripdata", rows: 98 },
  steps: stepNames.map((step, index) => ({
    step,
    startedAt: `2020-01-01T00:00:0${index}.500Z`,
    seconds: 0.75,
  })),
  finishedAt: "2020-01-01T00:00:07.000Z",
};

const facts: PeriodFacts = {
  file: { name: "a.csv.gz", bytes: 4_000, sha256: "a".repeat(64), rows: 100, bad: 2 },
  lake: {
    manifest,
    rejects: [
      { line: 7, column: "passenger_count", reason: '"two" is not a number', raw: "1,two" },
      { line: 9, column: null, reason: "has fewer than 18 fields", raw: "1" },
    ],
    parquetHolds: true,
  },
  counted: 98,
};

const february = (changes: Partial<Manifest>): PeriodFacts => ({
  ...facts,
  lake: { ...facts.lake, manifest: { ...manifest, period: "2019-02", ...changes } },
});

test("checksOf: all checks hold when all generated rows were ingested", () => {
  const checks = checksOf([facts, february({})]);
  expect(checks.map(({ holds }) => holds)).toEqual(Array(7).fill(true));
  expect(checks.map(({ detail }) => detail)).toContain("100 · 100 rows");
});

test.each<[string, PeriodFacts, string]>([
  [
    "The ingested files have the checksums of the generated files",
    { ...facts, file: { ...facts.file, sha256: "d".repeat(64) } },
    "2019-01: dddddddddddd expected, aaaaaaaaaaaa found",
  ],
  [
    "All generated rows were read",
    { ...facts, file: { ...facts.file, rows: 101 } },
    "2019-01: 101 expected, 100 found",
  ],
  [
    "Exactly the invalid rows were rejected",
    { ...facts, file: { ...facts.file, bad: 1 } },
    "2019-01: 1 expected, 2 found",
  ],
  [
    "The Parquet files have the checksums in their manifests",
    { ...facts, lake: { ...facts.lake, parquetHolds: false } },
    "2019-01: bbbbbbbbbbbb expected, a missing or different file found",
  ],
  [
    "The warehouse has the rows of the Parquet files (counted now)",
    { ...facts, counted: 97 },
    "2019-01: 98 expected, 97 found",
  ],
  [
    "The database has the rows of the Parquet files (counted by the run)",
    february({ database: { table: "raw.yellow_tripdata", rows: 0 } }),
    "2019-02: 98 expected, 0 found",
  ],
])("checksOf: only this check fails: %s", (name, broken, detail) => {
  const failed = checksOf([broken]).filter(({ holds }) => !holds);
  expect(failed).toEqual([{ name, holds: false, detail }]);
});

test("checksOf detects rows that are neither in Parquet nor rejected", () => {
  const lost = february({ parquet: { ...manifest.parquet, rows: 97 } });
  const failed = checksOf([{ ...lost, counted: 97 }]).filter(({ holds }) => !holds);
  expect(failed.map(({ name }) => name)).toEqual([
    "Rows read equal rows in Parquet plus rejected rows",
    "The database has the rows of the Parquet files (counted by the run)",
  ]);
});

test("checksOf without a database has no check of it", () => {
  expect(checksOf([february({ database: null })])).toHaveLength(6);
});

test("periodRows has the counted rows of the warehouse, not the recorded ones", () => {
  expect(periodRows([{ ...facts, counted: 97 }])).toEqual([
    {
      period: "2019-01",
      source: 100,
      rejected: 2,
      parquet: 98,
      warehouse: 97,
      database: 98,
      sourceBytes: 4_000,
      parquetBytes: 3_000,
    },
  ]);
});

test("stepBars start at the beginning of their run, which several months may share", () => {
  const later = manifest.steps.map((step) => ({
    ...step,
    startedAt: step.startedAt.replace("00:00", "00:01"),
  }));
  const same = stepBars([facts, february({ steps: later })]);
  expect(same[0]).toEqual({ period: "2019-01", step: "extract", start: 0, seconds: 0.75 });
  expect(same[7]).toEqual({ period: "2019-02", step: "parquetize", start: 61, seconds: 0.75 });
  const another = stepBars([facts, february({ run: "r2", steps: later })]);
  expect(another[7]?.start).toBe(1);
});

test("periodRejects includes the month", () => {
  expect(periodRejects([facts])[1]).toEqual({
    period: "2019-01",
    line: 9,
    column: null,
    reason: "has fewer than 18 fields",
    raw: "1",
  });
});
