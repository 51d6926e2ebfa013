import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newFolder } from "./support";
import { trapsAreIngested } from "./traps";
import { header as yellowHeader } from "./yellow";

const greenHeader =
  "VendorID,lpep_pickup_datetime,lpep_dropoff_datetime,store_and_fwd_flag,RatecodeID,PULocationID,DOLocationID," +
  "passenger_count,trip_distance,fare_amount,extra,mta_tax,tip_amount,tolls_amount,ehail_fee,improvement_surcharge," +
  "total_amount,payment_type,trip_type,congestion_surcharge";
const fhvHeader = "dispatching_base_num,pickup_datetime,dropoff_datetime,PULocationID,DOLocationID,SR_Flag";

/**
 * Files as the TLC publishes them: CRLF, a blank second line, a trip from before the month, decimals without a digit
 * before the decimal point, and columns that are empty in one month, integers in the next, and decimals in the last.
 */
const files = {
  "yellow_tripdata_2019-01": text(yellowHeader, true, [
    "2,2018-12-21 13:48:30,2018-12-21 13:52:40,3,.00,1,N,236,236,1,4,0,0.5,0,0,0.3,4.8,",
    ...times(
      6,
      (n) =>
        `1,2019-01-01 00:4${n}:40,2019-01-01 00:5${n}:20,1,1.50,1,N,151,239,1,7,0.5,0.5,${n},0,0.3,9.95,`,
    ),
  ]),
  "yellow_tripdata_2019-02": text(yellowHeader, false, [
    ...times(
      7,
      (n) => `1,2019-02-01 00:5${n}:04,2019-02-01 01:0${n}:27,0,.${n}0,1,Y,48,234,2,9,0.5,0.5,0,0,0.3,12.3,0`,
    ),
  ]),
  "yellow_tripdata_2020-01": text(yellowHeader, true, [
    ...times(
      7,
      (n) =>
        `2,2020-01-01 00:2${n}:15,2020-01-01 00:3${n}:03,1,1.2${n},1,N,238,239,1,6.5,3,0.5,1.47,0,0.3,11.77,2.5`,
    ),
  ]),
  "green_tripdata_2019-01": text(greenHeader, true, [
    "2,2018-12-21 15:17:29,2018-12-21 15:18:57,N,1,264,264,5,.00,3,0.5,0.5,0,0,,0.3,4.3,2,1,",
    ...times(
      6,
      (n) => `2,2019-01-01 00:1${n}:16,2019-01-01 00:2${n}:32,N,1,97,49,2,.86,6,0.5,0.5,0,0,,0.3,7.3,2,1,`,
    ),
  ]),
  "green_tripdata_2019-02": text(greenHeader, false, [
    ...times(
      7,
      (n) =>
        `2,2019-02-01 00:1${n}:19,2019-02-01 00:2${n}:43,N,5,92,135,1,2.7${n},11,0.5,0.5,3,0,,0.3,15.3,1,2,0`,
    ),
  ]),
  "green_tripdata_2020-01": text(greenHeader, false, [
    ...times(
      7,
      (n) =>
        `1,2020-01-01 00:4${n}:58,2020-01-01 00:5${n}:39,Y,5,66,65,2,1.28,20.5,0,0,4.06,0,,0.3,27.61,1,2,2.75`,
    ),
  ]),
  "fhv_tripdata_2019-01": text(fhvHeader, false, [
    ...times(7, (n) => `B00001,2019-01-01 00:3${n}:00,2019-01-01 02:5${n}:55,,,`),
  ]),
  "fhv_tripdata_2019-02": text(fhvHeader, true, [
    ...times(7, (n) => `B00037,2019-02-01 00:0${n}:44,2019-02-01 00:2${n}:35,264,265,`),
  ]),
  "fhv_tripdata_2020-01": text(fhvHeader, true, [
    ...times(7, (n) => `B00009,2020-01-01 00:4${n}:00,2020-01-01 01:1${n}:00,264,${n + 1},1`),
  ]),
};

function text(header: string, blankSecondLine: boolean, rows: readonly string[]): string {
  return [header, ...(blankSecondLine ? [""] : []), ...rows].map((line) => `${line}\r\n`).join("");
}

function times(count: number, row: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => row(n));
}

trapsAreIngested("small files with the traps of real ones", {
  folder: () => {
    const folder = newFolder();
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), content);
    return folder;
  },
});
