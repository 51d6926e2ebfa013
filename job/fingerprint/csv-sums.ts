import { closeSync, openSync, readSync } from "node:fs";
import { CsvReading, type CsvReadingOptions } from "./csv-reading";
import type { SourceSums } from "../source/extracted";

/** What a reading of a CSV file found; it can be sent between threads. */
export type CsvSums = SourceSums;

/** Reads a CSV file without a header, and blocks its thread until the end. */
export function csvSums(file: string, options: CsvReadingOptions): CsvSums {
  const reading = new CsvReading(options);
  const handle = openSync(file, "r");
  try {
    const piece = Buffer.allocUnsafeSlow(256 << 10);
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      reading.push(piece.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
  return sumsOf(reading);
}

/** Ends a reading. */
export function sumsOf(reading: CsvReading): CsvSums {
  reading.finish();
  const { rows, odd, unread } = reading;
  return { rows, odd, unread, sums: reading.sums.map(({ values, sum }) => ({ values, sum })) };
}
