import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type DatasetSpec, tableColumns } from "../../dataset";
import { withFork } from "../engine/engine";
import { footerLength, joinedFooter, type ParquetPart, trailerBytes } from "../engine/parquet-footer";
import { parquetRows } from "../engine/sql";
import { Failure } from "../failure";
import type { Fingerprint } from "../fingerprint/fingerprint";
import { fingerprintOf } from "../fingerprint/raw";
import type { BucketLake } from "../lake/bucket-lake";
import type { PeriodContext } from "./context";

/** Parquet files that become one when `tail` follows them. */
export interface JoinedParts {
  /** Paths in the lake, in order. */
  readonly files: readonly string[];
  /** What must follow them. */
  readonly tail: Buffer;
  /** Of all bytes, with the tail. */
  readonly bytes: number;
  readonly sha256: string;
  readonly fingerprint: Fingerprint;
}

/**
 * Downloads Parquet files, one at a time, and reads all of their values.
 *
 * @param metadata of the file that they become
 * @param look called with the path of each file on this machine
 * @throws Failure integrity when one of them cannot be read, or has other columns
 */
export async function joinedParts(
  { engine, spec, scratch }: Pick<PeriodContext, "engine" | "spec" | "scratch">,
  lake: BucketLake,
  files: readonly string[],
  metadata: Readonly<Record<string, string>>,
  look: (file: string) => Promise<void>,
): Promise<JoinedParts> {
  const hash = createHash("sha256");
  const parts: ParquetPart[] = [];
  const found: Fingerprint[] = [];
  for (const path of files) {
    const file = join(scratch, "part.parquet");
    try {
      await lake.fetch(path, file);
      const part = await partOf(file, lake.uri(path));
      await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { end: false });
      parts.push(part);
      // With the types of times as they will be.
      await appendFile(file, joinedFooter([part], tableColumns(spec), {}));
      await look(file);
      found.push(
        await withFork(engine, ({ connection }) =>
          fingerprintOf("the lake", connection, spec, parquetRows(spec, file)),
        ),
      );
    } finally {
      await rm(file, { force: true });
    }
  }
  if (parts.length === 0)
    throw new Failure("integrity", `BigQuery has exported no file of ${spec.id}; run again`);
  const tail = joinedFooter(parts, tableColumns(spec), metadata);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, tail.length);
  return { files, tail, bytes, sha256: hash.update(tail).digest("hex"), fingerprint: added(spec, found) };
}

async function partOf(file: string, name: string): Promise<ParquetPart> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const trailer = Buffer.alloc(trailerBytes);
    await handle.read(trailer, 0, trailerBytes, Math.max(0, size - trailerBytes));
    const footer = Buffer.alloc(footerLength(trailer));
    await handle.read(footer, 0, footer.length, size - trailerBytes - footer.length);
    return { bytes: size, footer };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure("integrity", `${name} is not a valid Parquet file: ${error.message}; run again`, {
      cause: error,
    });
  } finally {
    await handle.close();
  }
}

/** The fingerprint of the rows of all. */
function added(spec: DatasetSpec, all: readonly Fingerprint[]): Fingerprint {
  const columns = tableColumns(spec).map(({ name }) => {
    const own = all.flatMap((one) => one.columns.get(name) ?? []);
    const values = own.reduce((sum, one) => sum + one.values, 0);
    return [name, { values, sum: own.reduce((sum, one) => sum + one.sum, 0n) }] as const;
  });
  return {
    place: "the lake",
    rows: all.reduce((sum, one) => sum + one.rows, 0),
    columns: new Map(columns),
  };
}
