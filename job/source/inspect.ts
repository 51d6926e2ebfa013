import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { codeOf } from "../../errors/thrown";
import { Failure } from "../failure";
import type { Format } from "./location";

/** What reading a file once from end to end tells. */
export interface Inspection {
  readonly bytes: number;
  readonly sha256: string;
}

/** Takes the uncompressed text of a file, piece by piece. */
export interface TextSink {
  push(piece: Buffer): void;
  /** Lines that have ended so far. */
  readonly lines: number;
}

// Large pieces: at Node's default of 16 KiB inflating is three times slower.
const pieces = { highWaterMark: 1 << 20 };

/**
 * Reads a whole file once: its hash, and whether its compression is sound to the last byte.
 *
 * @param text gets what the file holds, uncompressed
 * @throws Failure integrity when the file is not what it should be, or is cut short
 */
export async function inspect(
  file: string,
  name: string,
  format: Format,
  text?: TextSink,
): Promise<Inspection> {
  await checkMagic(file, name, format);
  const hash = createHash("sha256");
  let bytes = 0;
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const sink = new Writable({
    ...pieces,
    write: (chunk: Buffer, _encoding, done) => {
      try {
        text?.push(chunk);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  try {
    await (format.compression === "gzip"
      ? pipeline(createReadStream(file, pieces), hashed, createGunzip({ chunkSize: 256 << 10 }), sink)
      : pipeline(createReadStream(file, pieces), hashed, sink));
  } catch (error) {
    throw gzipFailure(error, name, text?.lines ?? 0);
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function checkMagic(file: string, name: string, { format, compression }: Format): Promise<void> {
  if (format === "csv" && compression === "none") return;
  const expected = format === "parquet" ? Buffer.from("PAR1") : Buffer.from([0x1f, 0x8b]);
  const handle = await open(file);
  try {
    const start = Buffer.alloc(40);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const found = start.subarray(0, bytesRead);
    if (!found.subarray(0, expected.length).equals(expected)) throw wrongMagic(name, format, found);
    if (format === "parquet") {
      const { size } = await handle.stat();
      const end = Buffer.alloc(4);
      await handle.read(end, 0, 4, Math.max(0, size - 4));
      if (!end.equals(expected))
        throw new Failure("integrity", `${name} is cut short: no Parquet footer at byte ${size}`);
    }
  } finally {
    await handle.close();
  }
}

function wrongMagic(name: string, format: Format["format"], found: Buffer): Failure {
  const what = format === "parquet" ? "Parquet" : "gzip";
  const start =
    found.length === 0
      ? "it is empty"
      : `it starts with ${JSON.stringify(found.toString("latin1").replace(/[^ -~]+/g, "."))}`;
  return new Failure(
    "integrity",
    `${name} is not ${what}: ${start}; the source may have answered with an error page`,
  );
}

function gzipFailure(error: unknown, name: string, lines: number): unknown {
  const code = codeOf(error);
  if (code === "Z_BUF_ERROR") {
    return new Failure(
      "integrity",
      `${name} is cut short: its compressed content ends in line ${lines + 1}`,
      { cause: error },
    );
  }
  if (code?.startsWith("Z_") === true) {
    const said = error instanceof Error ? error.message : "";
    return new Failure(
      "integrity",
      `${name} is damaged: its compressed content does not check out after line ${lines} (${said})`,
      {
        cause: error,
      },
    );
  }
  return error;
}
