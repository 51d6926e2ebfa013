import { manifestPath, parquetPath, Period, rejectsPath, sourceUrl } from "../../dataset";

test("layout has paths for a month, a day and a whole data set", () => {
  expect(parquetPath("trips", Period.parse("month", "2019-01"))).toBe(
    "raw/trips/year=2019/month=01/trips_2019-01.parquet",
  );
  expect(rejectsPath("trips", Period.parse("day", "2019-01-09"))).toBe(
    "rejects/trips/year=2019/month=01/day=09/trips_2019-01-09.jsonl",
  );
  expect(manifestPath("zones", Period.once)).toBe("manifests/zones/manifest.json");
});

test("sourceUrl replaces placeholders with the parts of the period", () => {
  const template = "https://example.com/{year}/{month}/{day}/{period}.csv";
  expect(sourceUrl(template, Period.parse("day", "2019-01-09"))).toBe(
    "https://example.com/2019/01/09/2019-01-09.csv",
  );
});
