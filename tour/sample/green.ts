import type { Period } from "../../dataset";
import { dateTime, line, type RowCounts, shortest } from "./month";
import { tripsOf } from "./trips";

/** The header of the TLC's green files since 2019. */
const header = [
  ...["VendorID", "lpep_pickup_datetime", "lpep_dropoff_datetime", "store_and_fwd_flag", "RatecodeID"],
  ...["PULocationID", "DOLocationID", "passenger_count", "trip_distance", "fare_amount", "extra", "mta_tax"],
  ...["tip_amount", "tolls_amount", "ehail_fee", "improvement_surcharge", "total_amount", "payment_type"],
  ...["trip_type", "congestion_surcharge"],
];

/** There are fewer green taxis: one trip in this many is theirs. */
const every = 12;

/** Generates the text of a month's file of green taxis in chunks. Returns the row counts. */
export function* greenFile(period: Period): Generator<string, RowCounts> {
  yield line(header);
  let [seen, rows] = [0, 0];
  for (const trip of tripsOf(period)) {
    seen += 1;
    if (seen % every !== 0) continue;
    rows += 1;
    const { fare, extra, mtaTax, tip, tolls, improvement } = trip;
    // A quarter of an hour later, so that the trips are not those of the yellow taxis.
    const [pickup, dropoff] = [trip.pickup + 900_000, trip.dropoff + 900_000];
    yield line([
      ...[String(trip.vendor), dateTime(pickup), dateTime(dropoff), trip.heldInVehicle ? "Y" : "N"],
      ...[trip.rateCode, trip.pickupZone, trip.dropoffZone, trip.passengers].map(String),
      ...[trip.distance, fare, extra, mtaTax, tip, tolls].map(shortest),
      // In most files it is empty.
      "",
      ...[improvement, fare + extra + mtaTax + tip + tolls + improvement].map(shortest),
      ...[String(trip.payment), rows % 20 === 0 ? "2" : "1", ""],
    ]);
  }
  return { rows, bad: 0 };
}
