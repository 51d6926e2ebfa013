import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const header =
  "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID," +
  "store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,mta_tax,tip_amount," +
  "tolls_amount,improvement_surcharge,total_amount,congestion_surcharge";

/**
 * A month of synthetic taxi trips in the format of 2019, about 97 bytes per row.
 *
 * @param badEvery one in this many rows has a fare that is not a number; 0 for none
 */
export async function writeMonth(file: string, rows: number, badEvery: number): Promise<void> {
  const size = 10_000;
  const text = function* () {
    yield `${header}\n`;
    for (let start = 0; start < rows; start += size) {
      const count = Math.min(size, rows - start);
      yield Array.from({ length: count }, (_, index) => `${row(start + index, badEvery)}\n`).join("");
    }
  };
  await pipeline(Readable.from(text()), createGzip({ level: 6 }), createWriteStream(file));
}

function row(index: number, badEvery: number): string {
  let seed = Math.imul(index + 1, 2_654_435_761) >>> 0;
  const random = (limit: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const at = (seconds: number) =>
    new Date(1_546_300_800_000 + seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
  const pickup = random(31 * 86_400);
  const [fare, tip] = [250 + random(4_000), random(3) === 0 ? 0 : random(900)];
  return [
    1 + random(2),
    at(pickup),
    at(pickup + 60 + random(3_000)),
    random(7),
    (random(1_500) / 100).toFixed(2),
    1,
    random(100) === 0 ? "Y" : "N",
    1 + random(263),
    1 + random(263),
    1 + random(4),
    badEvery > 0 && index % badEvery === badEvery - 1 ? "free" : (fare / 100).toFixed(1),
    "0.5",
    "0.5",
    (tip / 100).toFixed(2),
    "0.0",
    "0.3",
    ((fare + tip + 130) / 100).toFixed(2),
    random(3) === 0 ? "" : "2.5",
  ].join(",");
}
