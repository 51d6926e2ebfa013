/** Small months of yellow taxi trips in the TLC's format. Deterministic. */

export const header =
  "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID," +
  "store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,mta_tax,tip_amount," +
  "tolls_amount,improvement_surcharge,total_amount,congestion_surcharge";

/** Rows without the header; another `seed` results in other trips of the same month. */
export function rows(period: string, count: number, seed = 0): string[] {
  return Array.from({ length: count }, (_, index) => row(period, index, seed));
}

/** A complete file with `end` as the line ending. */
export function csv(lines: readonly string[], end = "\n"): string {
  return [header, ...lines].map((line) => line + end).join("");
}

/** The line with a replaced text in one column. */
export function withField(line: string, column: string, text: string): string {
  const index = header.split(",").indexOf(column);
  if (index < 0) throw new RangeError(`column ${column} does not exist`);
  return line
    .split(",")
    .map((field, at) => (at === index ? text : field))
    .join(",");
}

function row(period: string, index: number, seed: number): string {
  const mixed = (Math.imul(index + 1, 2_654_435_761) ^ Math.imul(seed + 1, 40_503)) >>> 0;
  const day = String(1 + (index % 28)).padStart(2, "0");
  const minute = String(mixed % 60).padStart(2, "0");
  const fare = (250 + (mixed % 4_000)) / 100;
  const tip = (mixed % 700) / 100;
  return [
    1 + (mixed % 2),
    `${period}-${day} 08:${minute}:00`,
    `${period}-${day} 09:${minute}:30`,
    mixed % 7,
    (mixed % 300) / 10,
    1,
    mixed % 50 === 0 ? "Y" : "N",
    1 + (mixed % 263),
    1 + ((mixed >>> 8) % 263),
    1 + (mixed % 4),
    fare,
    0.5,
    0.5,
    tip,
    0,
    0.3,
    (fare + tip + 1.3).toFixed(2),
    mixed % 3 === 0 ? "" : 2.5,
  ].join(",");
}
