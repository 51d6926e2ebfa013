import { defineDataset, Period } from "../../../dataset";
import { loadOf, partitionOf, replaceStatement } from "../../../job/warehouse/bigquery-load";

const trips = defineDataset({
  id: "trips",
  description: "Trips.",
  source: { url: "https://example.com/{period}.csv", format: "csv" },
  grain: "month",
  firstPeriod: "2019-01",
  columns: [
    { name: "Id", type: "INTEGER", mode: "REQUIRED", description: "Number." },
    { name: "at", type: "TIMESTAMP", description: "When." },
  ],
  cluster: ["at"],
});
if (trips.grain === "once") throw new Error("trips has months");
const january = Period.parse("month", "2019-01");

test("partitionOf returns the partition of the month or day, or the whole table", () => {
  expect(partitionOf(trips, january)).toBe("trips$201901");
  const daily = { ...trips, grain: "day", partition: { column: "_period", granularity: "day" } } as const;
  expect(partitionOf(daily, Period.parse("day", "2019-01-31"))).toBe("trips$20190131");
  expect(partitionOf({ ...trips, grain: "once", partition: undefined }, Period.once)).toBe("trips");
});

test("partitionOf returns undefined for a table partitioned by another column", () => {
  expect(partitionOf({ ...trips, partition: { column: "at", granularity: "day" } }, january)).toBeUndefined();
});

test("loadOf replaces rows, does not create tables, and sets the partitioning and clustering of the warehouse stack", () => {
  const destination = { projectId: "p", datasetId: "dev_raw", tableId: "trips$201901" };
  expect(loadOf(trips, "gs://lake/raw/trips.parquet", destination)).toEqual({
    sourceUris: ["gs://lake/raw/trips.parquet"],
    sourceFormat: "PARQUET",
    destinationTable: destination,
    schema: {
      fields: [
        { name: "Id", type: "INTEGER", mode: "REQUIRED", description: "Number." },
        { name: "at", type: "TIMESTAMP", mode: "NULLABLE", description: "When." },
        { name: "_period", type: "DATE", mode: "REQUIRED", description: expect.any(String) as string },
      ],
    },
    timePartitioning: { type: "MONTH", field: "_period" },
    clustering: { fields: ["at"] },
    createDisposition: "CREATE_NEVER",
    writeDisposition: "WRITE_TRUNCATE",
  });
});

test("loadOf keeps the policies of a table: its schema has the policy tags, and only a partition is truncated", () => {
  const tag = "projects/p/locations/europe-west6/taxonomies/1/policyTags/2";
  const columns = trips.columns.map((column) => ({
    ...column,
    policyTag: column.name === "at" ? tag : undefined,
  }));
  const into = (tableId: string) =>
    loadOf({ ...trips, columns }, "gs://lake/x.parquet", { projectId: "p", datasetId: "dev_raw", tableId });
  for (const tableId of ["trips$201901", "trips"])
    expect(into(tableId).schema.fields.map(({ policyTags }) => policyTags)).toEqual([
      undefined,
      { names: [tag] },
      undefined,
    ]);
  expect(into("trips$201901").writeDisposition).toBe("WRITE_TRUNCATE");
  // WRITE_TRUNCATE would remove the row access policies of the table.
  expect(into("trips").writeDisposition).toBe("WRITE_TRUNCATE_DATA");
});

test("replaceStatement replaces the period's rows in one transaction, and deletes no table", () => {
  const table = { projectId: "p", datasetId: "dev_raw", tableId: "trips" };
  const staged = { projectId: "p", datasetId: "dev_temporary", tableId: "staged" };
  expect(replaceStatement(trips, january, table, staged)).toBe(
    `BEGIN TRANSACTION;
DELETE FROM \`p.dev_raw.trips\` WHERE _period = DATE '2019-01-01';
INSERT INTO \`p.dev_raw.trips\` (\`Id\`, \`at\`, \`_period\`) SELECT \`Id\`, \`at\`, \`_period\` FROM \`p.dev_temporary.staged\`;
COMMIT TRANSACTION;`,
  );
  const whole = { ...trips, grain: "once", partition: undefined } as const;
  expect(replaceStatement(whole, Period.once, table, staged)).toContain(
    "DELETE FROM `p.dev_raw.trips` WHERE true;",
  );
});
