import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { carriageReturn, newline, nextState, type CsvState, type CsvDialect } from "./csv-state";
import type { Format } from "./location";

/**
 * Copies a CSV file so that every record ends in a line feed. Real files mix both ends, which the engine refuses
 * when it reads strictly; read loosely, it would drop surplus fields without a word. Lines keep their numbers.
 */
export async function evenLineEnds(
  file: string,
  { compression }: Format,
  dialect: CsvDialect,
  target: string,
): Promise<void> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const evened = (chunks: AsyncIterable<Buffer>) => withoutReturns(chunks, dialect);
  await (compression === "gzip"
    ? pipeline(source, createGunzip({ chunkSize: 256 << 10 }), evened, createWriteStream(target))
    : pipeline(source, evened, createWriteStream(target)));
}

/** Drops carriage returns right before a line feed, but for those inside quotes. */
export async function* withoutReturns(
  chunks: AsyncIterable<Buffer>,
  dialect: CsvDialect,
): AsyncGenerator<Buffer> {
  let state: CsvState = "field start";
  let held = false;
  for await (const chunk of chunks) {
    const kept = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (held && byte !== newline) length = kept.writeUInt8(carriageReturn, length);
      held = byte === carriageReturn && state !== "quoted";
      if (!held) length = kept.writeUInt8(byte, length);
      state = nextState(state, byte, dialect);
    }
    yield kept.subarray(0, length);
  }
  if (held) yield Buffer.from([carriageReturn]);
}
