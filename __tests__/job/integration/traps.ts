/** Tests of the ingestion of small files of all trip data sets, for files of any origin. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeUnless } from "../../support/unless";
import { cleanUp, duckdb, ingest, newFolder } from "./support";

export const trapDatasets = ["yellow_tripdata", "green_tripdata", "fhv_tripdata"] as const;
export const trapPeriods = ["2019-01", "2019-02", "2020-01"] as const;

/** The source of the files. */
export interface Traps {
  /** Why the files are not available. @default - they are */
  readonly reason?: string;
  /** Folder of the files, `green_tripdata_2019-01.csv`. */
  readonly folder: () => string;
}

/** Declares the tests. */
export function trapsAreIngested(name: string, { reason, folder }: Traps): void {
  describeUnless(reason)(name, () => {
    afterAll(cleanUp);

    test.each(trapDatasets)(
      "of %s are ingested completely, with the same types in every month",
      async (dataset) => {
        const home = newFolder();
        const source = join(folder(), `${dataset}_{period}.csv`);
        const outcome = await ingest([
          ...["--dataset", dataset, "--home", home, "--source", source],
          ...trapPeriods.flatMap((period) => ["--period", period]),
        ]);
        expect(outcome.stderr).toBe("");
        expect(outcome.code).toBe(0);
        const lines = trapPeriods.map((period) => {
          const text = readFileSync(source.replace("{period}", period), "utf8");
          return text.split(/\r?\n/).filter((line) => line !== "").length - 1;
        });
        expect(lines.every((count) => count > 5)).toBe(true);
        expect(outcome.summary.periods.map(({ rows }) => rows)).toEqual(
          lines.map((rows) => ({ read: rows, rejected: 0, parquet: rows, warehouse: rows, database: rows })),
        );
        const schemas = await duckdb(
          `SELECT name, count(DISTINCT (type, logical_type)) AS types FROM parquet_schema('${home}/lake/raw/${dataset}/**/*.parquet') GROUP BY 1`,
        );
        expect(schemas.filter(({ types }) => types !== "1")).toEqual([]);
      },
    );
  });
}
