import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { duckdb, ingest, realData } from "../job/integration/support";

/** Files of data sets in a folder, and the periods of each. */
export interface SourceFiles {
  readonly name: string;
  /** Why they are not available. @default - they are */
  readonly reason?: string;
  readonly write: (folder: string) => Promise<void>;
  /** File name of a period by data set, and the first and last period. */
  readonly files: Readonly<
    Record<string, { readonly file: string; readonly from: string; readonly to: string }>
  >;
}

/** Trips as in real files: unknown zones, equal trips, dates outside the month, amounts below zero, empty values. */
export const generated: SourceFiles = {
  name: "generated trips of three services",
  files: {
    taxi_zones: { file: "zones.csv", from: "once", to: "once" },
    yellow_tripdata: { file: "yellow_{period}.parquet", from: "2019-01", to: "2019-03" },
    green_tripdata: { file: "green_{period}.parquet", from: "2019-01", to: "2019-02" },
    fhv_tripdata: { file: "fhv_{period}.parquet", from: "2019-02", to: "2019-02" },
  },
  write: async (folder) => {
    writeFileSync(join(folder, "zones.csv"), zones());
    for (const [month, period] of ["2019-01", "2019-02", "2019-03"].entries()) {
      await writeTrips(join(folder, `yellow_${period}.parquet`), "tpep", period, 3000 + month);
      if (month < 2) await writeTrips(join(folder, `green_${period}.parquet`), "lpep", period, 700 + month);
    }
    await copy(
      `SELECT 'B' || lpad((i % 40)::VARCHAR, 5, '0') AS dispatching_base_num,
              TIMESTAMP '2019-02-01' + to_seconds(i * 977 % 2400000) AS pickup_datetime,
              TIMESTAMP '2019-02-01' + to_seconds(i * 977 % 2400000 + 600) AS dropoff_datetime,
              CASE WHEN i % 5 > 0 THEN 1 + i % 265 END AS PULocationID, 1 + i % 264 AS DOLocationID,
              NULL::BIGINT AS SR_Flag
       FROM range(900) AS t(i)`,
      join(folder, "fhv_2019-02.parquet"),
    );
  },
};

/** Real months, where they are next to this project. */
export const real: SourceFiles = {
  name: "real months of yellow taxi trips",
  ...(!existsSync(join(realData, "taxi_zone_lookup.csv")) && { reason: "../shared/data does not exist" }),
  files: {
    taxi_zones: { file: "taxi_zone_lookup.csv", from: "once", to: "once" },
    yellow_tripdata: { file: "yellow_tripdata_{period}.csv.gz", from: "2019-01", to: "2019-03" },
  },
  write: async (folder) => {
    for (const name of [
      "taxi_zone_lookup.csv",
      ...["01", "02", "03"].map((n) => `yellow_tripdata_2019-${n}.csv.gz`),
    ])
      copyFileSync(join(realData, name), join(folder, name));
    return Promise.resolve();
  },
};

/** Ingests all files into a home. */
export async function ingestAll(
  { files }: SourceFiles,
  folder: string,
  home: string,
  only?: string,
): Promise<void> {
  for (const [dataset, { file, from, to }] of Object.entries(files)) {
    if (only !== undefined && dataset !== only) continue;
    const range = from === to ? ["--period", from] : ["--from", from, "--to", to];
    const args = ["--dataset", dataset, ...range, "--source", join(folder, file), "--home", home];
    const { code, stderr } = await ingest([...args, "--no-database", "--allow-shrink"]);
    if (code !== 0) throw new Error(`ingest of ${dataset}: ${stderr}`);
  }
}

/** Replaces the file of a month of yellow trips with another version: half of the trips, some with other amounts. */
export async function publishAgain(folder: string, period: string, version: number): Promise<void> {
  await writeTrips(join(folder, `yellow_${period}.parquet`), "tpep", period, 1500 + version, version);
}

/** The names and numbers of the TLC's zones, but invented boroughs; the last two are not places. */
function zones(): string {
  const lines = Array.from({ length: 265 }, (_, index) => {
    const id = index + 1;
    if (id >= 264) return `${id},Unknown,NV,N/A`;
    return `${id},Borough ${id % 6},${id === 57 ? "Zone 56" : `Zone ${id}`},${id % 4 === 0 ? "Yellow Zone" : "Boro Zone"}`;
  });
  return ["LocationID,Borough,Zone,service_zone", ...lines, ""].join("\n");
}

function writeTrips(
  file: string,
  prefix: "lpep" | "tpep",
  period: string,
  rows: number,
  version = 0,
): Promise<void> {
  const cents = (factor: number, limit: number) => `((i * ${factor} + ${version}) % ${limit} - 100) / 100.0`;
  // Of each fifty trips, the last is equal to the one before, and one is dated in another month.
  const green = prefix === "lpep" ? ", NULL::DOUBLE AS ehail_fee, 1 + i % 2 AS trip_type" : "";
  return copy(
    `SELECT 1 + i % 2 AS VendorID,
            TIMESTAMP '${period}-01' + to_seconds(i * 8209 % 2400000) + to_days(CASE WHEN i % 50 = 7 THEN 40 ELSE 0 END) AS ${prefix}_pickup_datetime,
            TIMESTAMP '${period}-01' + to_seconds(i * 8209 % 2400000 + 60 + i % 3000) AS ${prefix}_dropoff_datetime,
            CASE WHEN i % 9 > 0 THEN i % 7 END AS passenger_count, (i * 37 % 1900) / 100.0 AS trip_distance,
            1 + i % 6 AS RatecodeID, CASE WHEN i % 90 = 0 THEN 'Y' ELSE 'N' END AS store_and_fwd_flag,
            1 + i * 31 % 265 AS PULocationID, 1 + i * 17 % 265 AS DOLocationID,
            CASE WHEN i % 11 > 0 THEN 1 + i % 6 END AS payment_type,
            ${cents(113, 5000)} AS fare_amount, 0.5 AS extra, 0.5 AS mta_tax, ${cents(7, 900)} AS tip_amount,
            ${cents(3, 700)} AS tolls_amount, 0.3 AS improvement_surcharge, ${cents(131, 9000)} AS total_amount,
            CASE WHEN i % 3 > 0 THEN 2.5 END AS congestion_surcharge ${green}
     FROM (SELECT CASE WHEN n % 50 = 49 THEN n - 1 ELSE n END AS i FROM range(${rows}) AS t(n))`,
    file,
  );
}

async function copy(sql: string, file: string): Promise<void> {
  await duckdb(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
}
