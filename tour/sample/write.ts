import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Period } from "../../dataset";
import { writeWhole } from "../../job/files";
import { greenFile } from "./green";
import { monthFile, type RowCounts } from "./month";
import { zones, zoneTable } from "./zones";

/** A file of the sample on disk. */
export interface SampleFile extends RowCounts {
  /** Name in the folder of the sample. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a month as `yellow_tripdata_2019-01.csv.gz`; memory use does not grow with the month. */
export function writeMonth(folder: string, period: Period): Promise<SampleFile> {
  return writeTrips(folder, `yellow_tripdata_${period.label}.csv.gz`, monthFile(period));
}

/** Writes a month as `green_tripdata_2019-01.csv.gz`. */
export function writeGreenMonth(folder: string, period: Period): Promise<SampleFile> {
  return writeTrips(folder, `green_tripdata_${period.label}.csv.gz`, greenFile(period));
}

async function writeTrips(
  folder: string,
  name: string,
  file: Generator<string, RowCounts>,
): Promise<SampleFile> {
  let counts: RowCounts = { rows: 0, bad: 0 };
  const counting = (function* () {
    counts = yield* file;
  })();
  const written = await write(folder, name, Readable.from(counting), createGzip({ level: 4 }));
  return { ...written, ...counts };
}

/** Writes the zone table as `taxi_zone_lookup.csv`. */
export async function writeZones(folder: string): Promise<SampleFile> {
  const written = await write(
    folder,
    "taxi_zone_lookup.csv",
    Readable.from([zoneTable()]),
    new PassThrough(),
  );
  return { ...written, rows: zones.length, bad: 0 };
}

/** Writes a file atomically: other processes see the old file or the new one, never a partial one. */
async function write(folder: string, name: string, text: Readable, compress: Transform) {
  const file = join(folder, name);
  const hash = createHash("sha256");
  let bytes = 0;
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  // Two tours may write the same sample at the same time.
  await writeWhole(
    file,
    (draft) => pipeline(text, compress, count, createWriteStream(draft)),
    `${file}.${process.pid}`,
  );
  return { name, bytes, sha256: hash.digest("hex") };
}
