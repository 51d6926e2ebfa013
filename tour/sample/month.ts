import { Period } from "../../dataset";
import { seededRandom } from "./random";
import { tripsOf, type Trip } from "./trips";

/** The header of the TLC's yellow files since 2019. */
export const header = [
  "VendorID",
  "tpep_pickup_datetime",
  "tpep_dropoff_datetime",
  "passenger_count",
  "trip_distance",
  "RatecodeID",
  "store_and_fwd_flag",
  "PULocationID",
  "DOLocationID",
  "payment_type",
  "fare_amount",
  "extra",
  "mta_tax",
  "tip_amount",
  "tolls_amount",
  "improvement_surcharge",
  "total_amount",
  "congestion_surcharge",
] as const;

/** Months of the sample. */
export const samplePeriods: readonly Period[] = Period.range(
  Period.parse("month", "2019-01"),
  Period.parse("month", "2019-03"),
);

/** Row counts of a generated file, to compare with the ingested data. */
export interface RowCounts {
  /** Non-blank lines after the header. */
  readonly rows: number;
  /** Lines among these that do not match the columns of the data set. */
  readonly bad: number;
}

/**
 * Generates the text of a month's file in chunks: header, CRLF, and the irregularities of real files. Returns the row
 * counts.
 */
export function* monthFile(period: Period): Generator<string, RowCounts> {
  const oddities = odditiesOf(period);
  const random = seededRandom(Number(period.year) * 100_000 + Number(period.month));
  yield line(header);
  if (oddities.blankSecondLine) yield "\r\n";
  let [rows, bad, sinceBad, sinceStray] = [0, 0, 0, 0];
  let piece = "";
  for (const trip of tripsOf(period)) {
    const fields = fieldsOf(random.chance(1 / strayEvery) ? strayed(trip, sinceStray++) : trip, oddities);
    piece += line(fields);
    rows += 1;
    sinceBad += 1;
    if (sinceBad === badEvery) {
      piece += line(spoiled(fields, bad));
      rows += 1;
      bad += 1;
      sinceBad = 0;
    }
    if (piece.length > pieceLength) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
  return { rows, bad };
}

/** Number of trips per invalid row: a few dozen invalid rows per month. */
const badEvery = 2_500;
/** Average number of trips per trip dated outside its month. */
const strayEvery = 6_000;
const pieceLength = 16_384;

/** Irregularities of the files of different months. */
interface Oddities {
  readonly blankSecondLine: boolean;
  /** Whether the column has values. In January 2019 it exists but is empty. */
  readonly congestionSurcharge: boolean;
  /** `.00` and `6.50` instead of `0.0` and `6.5`. */
  readonly twoDecimals: boolean;
}

function odditiesOf(period: Period): Oddities {
  return {
    blankSecondLine: period.label === "2019-02",
    congestionSurcharge: period.label !== "2019-01",
    twoDecimals: period.label === "2019-03",
  };
}

/** Dates of meters with a wrong clock. */
const strayDays = ["2008-12-31", "2009-01-01", "2018-11-28", "2001-02-02", "2088-01-24"].map((day) =>
  Date.parse(day),
);

function strayed(trip: Trip, count: number): Trip {
  const shift =
    (strayDays[count % strayDays.length] ?? 0) - Math.floor(trip.pickup / 86_400_000) * 86_400_000;
  return { ...trip, pickup: trip.pickup + shift, dropoff: trip.dropoff + shift };
}

function fieldsOf(trip: Trip, { congestionSurcharge, twoDecimals }: Oddities): readonly string[] {
  const decimal = twoDecimals ? withTwoDecimals : shortest;
  const congestion = congestionSurcharge ? trip.congestion : 0;
  const { fare, extra, mtaTax, tip, tolls, improvement } = trip;
  return [
    String(trip.vendor),
    dateTime(trip.pickup),
    dateTime(trip.dropoff),
    String(trip.passengers),
    decimal(trip.distance),
    String(trip.rateCode),
    trip.heldInVehicle ? "Y" : "N",
    String(trip.pickupZone),
    String(trip.dropoffZone),
    String(trip.payment),
    ...[fare, extra, mtaTax, tip, tolls, improvement].map(decimal),
    decimal(fare + extra + mtaTax + tip + tolls + improvement + congestion),
    congestionSurcharge ? decimal(congestion) : "",
  ];
}

/** Kinds of invalid rows, used in rotation. */
const faults: readonly ((fields: readonly string[]) => readonly string[])[] = [
  (fields) => replaced(fields, "tpep_pickup_datetime", (text) => text.replace(/^(\d+)-\d\d/, "$1-13")),
  (fields) => replaced(fields, "passenger_count", () => "two"),
  (fields) => fields.slice(0, 9),
  (fields) => replaced(fields, "fare_amount", (text) => `$${text}`),
  (fields) => replaced(fields, "PULocationID", () => "JFK"),
  (fields) => replaced(fields, "tpep_dropoff_datetime", () => "0000-00-00 00:00:00"),
  (fields) => replaced(fields, "trip_distance", (text) => `${text} mi`),
];

function spoiled(fields: readonly string[], count: number): readonly string[] {
  return faults[count % faults.length]?.(fields) ?? fields;
}

function replaced(
  fields: readonly string[],
  column: (typeof header)[number],
  change: (text: string) => string,
): readonly string[] {
  const index = header.indexOf(column);
  return fields.map((text, at) => (at === index ? change(text) : text));
}

/** A line of a file, with CRLF. */
export function line(fields: readonly string[]): string {
  return `${fields.join(",")}\r\n`;
}

/** `2019-01-31 23:59:59` */
export function dateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** Formats hundredths as in most files of the TLC: `6.5`, `0.0`, `-3.75`. */
export function shortest(hundredths: number): string {
  const text = (hundredths / 100).toString();
  return text.includes(".") ? text : `${text}.0`;
}

/** Formats hundredths as in some files of the TLC: `6.50`, `.00`, `-.30`. */
function withTwoDecimals(hundredths: number): string {
  return (hundredths / 100).toFixed(2).replace(/^(-?)0\./, "$1.");
}
