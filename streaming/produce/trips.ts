import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type DatasetSpec, parquetPath, Period } from "../../dataset";
import { quoteLiteral } from "../../job/engine/sql";
import { Failure } from "../../job/failure";
import type { Home } from "../../job/home";
import { FolderLake } from "../../job/lake/folder-lake";
import { periodsBelow } from "../../job/lake/periods";
import { tripsOf } from "../../tour/sample/trips";
import type { Trip } from "../ride";

/** Trips of one month, in order of pick-up. */
export interface TripSource {
  /** Identifies the trips: `yellow-2019-01`, or `sample-2019-01`. */
  readonly name: string;
  /** Iterates from the first one. The same each time. */
  readonly trips: () => AsyncGenerator<Trip>;
}

const samplePeriod = Period.parse("month", "2019-01");

/**
 * The trips of yellow taxis that a home has in its lake, or, if it has none, generated ones.
 *
 * @param yellow specification of the trips of yellow taxis
 * @param label a month of the lake. @default - the first one
 * @throws Failure permanent when that month is not in the lake
 */
export async function tripSource(home: Home, yellow: DatasetSpec, label?: string): Promise<TripSource> {
  const periods = await periodsBelow(new FolderLake(home.lake), yellow, "raw");
  const period = label === undefined ? periods[0] : periods.find((each) => each.label === label);
  if (period !== undefined) return lakeTrips(join(home.lake, parquetPath(yellow.id, period)), period);
  if (label === undefined || label === samplePeriod.label) return sampleTrips(samplePeriod);
  const there = periods.map((each) => each.label).join(", ") || "none";
  throw new Failure(
    "permanent",
    `${yellow.id} ${label} is not in ${home.lake}; available: ${there}. To ingest it: ` +
      `npm run ingest -- run --dataset ${yellow.id} --period ${label}`,
  );
}

/**
 * The files of a month are in no order, and contain trips of other months, of meters with a wrong clock: a replay leaves
 * those out, or it would begin years before.
 */
function lakeTrips(file: string, period: Period): TripSource {
  const sql = `
    SELECT VendorID, passenger_count, trip_distance, payment_type,
      round(total_amount, 2) AS total_amount, strftime(tpep_pickup_datetime, '%Y-%m-%dT%H:%M:%S') AS pickup
    FROM read_parquet(${quoteLiteral(file)}, file_row_number = true)
    WHERE tpep_pickup_datetime >= DATE '${period.startDate}' AND tpep_pickup_datetime < DATE '${period.plus(1).startDate}'
    ORDER BY tpep_pickup_datetime, file_row_number`;
  return {
    name: `yellow-${period.label}`,
    trips: async function* () {
      const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
      const connection = await instance.connect();
      try {
        const result = await connection.stream(sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          for (const row of chunk.getRows()) {
            const [vendor, passengers, distance, payment, total, pickup] = row;
            yield {
              vendor_id: numberOf(vendor),
              passenger_count: numberOf(passengers),
              trip_distance: numberOf(distance),
              payment_type: numberOf(payment),
              total_amount: numberOf(total),
              pickup_datetime: String(pickup),
            };
          }
        }
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
  };
}

function numberOf(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function sampleTrips(period: Period): TripSource {
  return {
    name: `sample-${period.label}`,
    // eslint-disable-next-line @typescript-eslint/require-await -- an async generator, as that of the lake
    trips: async function* () {
      for (const trip of tripsOf(period)) {
        const cents =
          trip.fare + trip.extra + trip.mtaTax + trip.tip + trip.tolls + trip.improvement + trip.congestion;
        yield {
          vendor_id: trip.vendor,
          passenger_count: trip.passengers,
          trip_distance: trip.distance / 100,
          payment_type: trip.payment,
          total_amount: cents / 100,
          pickup_datetime: new Date(trip.pickup).toISOString().slice(0, 19),
        };
      }
    },
  };
}
