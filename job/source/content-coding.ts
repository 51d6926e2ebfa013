/** Decodes a downloaded file by its Content-Encoding. */
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createInflate, createInflateRaw } from "node:zlib";
import { Failure } from "../failure";
import { gzipFault, GzipReader } from "./gzip";

/** The downloaded file is damaged: as sent, or because it was combined from several responses. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";

  /** @param shown the address, for messages */
  failure(shown: string): Failure {
    return new Failure("integrity", `${shown} was damaged in two downloads: ${this.message}`, {
      cause: this,
    });
  }
}

/** Values that do not encode the content; some clients of S3 store `aws-chunked`. */
const noEncoding = ["", "identity", "none", "chunked", "utf-8", "utf8", "binary", "aws-chunked"];

/** The codings that a header names, in the order in which they were applied. */
export function codingsOf(header: string): string[] {
  return header
    .split(",")
    .map((text) => text.trim().toLowerCase().replace(/^x-/, ""))
    .filter((text) => !noEncoding.includes(text));
}

/**
 * Replaces a file with its decoded content.
 *
 * @param gzip whether the file itself is a gzip file. Many tools upload `x.csv.gz` with `Content-Encoding: gzip`
 *   although it is compressed only once
 * @throws DamagedError when it is truncated or damaged
 */
export async function decoded(file: string, codings: readonly string[], gzip: boolean): Promise<void> {
  for (const coding of [...codings].reverse()) {
    if (coding === "gzip" && !(await isGzip(file)))
      throw new DamagedError("its Content-Encoding is gzip, but its content is not");
    const target = `${file}.decoded`;
    try {
      await decode(file, coding, target);
      if (coding === "gzip" && gzip && !(await isGzip(target))) continue;
      await rename(target, file);
    } finally {
      await rm(target, { force: true });
    }
  }
}

async function decode(file: string, coding: string, target: string): Promise<void> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const sink = createWriteStream(target);
  try {
    switch (coding) {
      case "gzip":
        await pipeline(source, (chunks: AsyncIterable<Buffer>) => new GzipReader().read(chunks), sink);
        break;
      case "deflate":
        // Some servers omit the zlib frame that "deflate" requires (RFC 9110, 8.4.1.2).
        await pipeline(source, (await isZlib(file)) ? createInflate() : createInflateRaw(), sink);
        break;
      case "br":
        await pipeline(source, createBrotliDecompress(), sink);
        break;
      default:
        source.destroy();
        sink.destroy();
        throw new Failure(
          "permanent",
          `the server sends the file with Content-Encoding "${coding}", which is not supported`,
        );
    }
  } catch (error) {
    const fault = gzipFault(error);
    throw fault === undefined
      ? error
      : new DamagedError(`decoded from Content-Encoding ${coding}, it is ${fault}`, { cause: error });
  }
}

async function isGzip(file: string): Promise<boolean> {
  return (await start(file)).equals(Buffer.from([0x1f, 0x8b]));
}

/** The first two bytes of a zlib frame are a multiple of 31 (RFC 1950). */
async function isZlib(file: string): Promise<boolean> {
  const bytes = await start(file);
  return bytes.length === 2 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

async function start(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
