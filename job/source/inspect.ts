import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../failure";
import { foreignContent, sampleBytes } from "./foreign-content";
import { gzipFault, GzipReader } from "./gzip";
import type { Format } from "../../dataset";

/** Result of inspecting a file. */
export interface Inspection {
  readonly bytes: number;
  readonly sha256: string;
}

/** Receives the uncompressed text of a file, chunk by chunk. */
export interface TextSink {
  push(piece: Buffer): void | Promise<void>;
  /** Number of complete lines so far. */
  readonly lines: number;
}

/** The first byte of gzip. */
const gzipMagic = 0x1f;

// With Node's default of 16 KiB, decompression is three times slower.
const pieces = { highWaterMark: 1 << 20 };

/**
 * Reads a whole file once: computes its hash and checks its format and compression.
 *
 * @param text receives the uncompressed content
 * @throws Failure integrity when the file has another format, or is truncated or damaged
 */
export async function inspect(
  file: string,
  name: string,
  format: Format,
  text?: TextSink,
): Promise<Inspection> {
  await checkMagic(file, name, format);
  return inspectChunks(createReadStream(file, pieces), name, format, text);
}

/**
 * Reads a stream to its end: computes its hash and checks its compression, and whether it is text.
 *
 * @param text receives the uncompressed content
 * @throws Failure integrity when the content has another format, or is truncated or damaged
 */
export async function inspectChunks(
  source: AsyncIterable<Buffer>,
  name: string,
  format: Format,
  text?: TextSink,
): Promise<Inspection> {
  const hash = createHash("sha256");
  let bytes = 0;
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      if (bytes === 0 && format.compression === "gzip" && chunk[0] !== gzipMagic)
        throw wrongMagic(name, format.format, chunk.subarray(0, sampleBytes));
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const unpacked = (chunks: AsyncIterable<Buffer>) => new GzipReader().read(chunks);
  const recognized = (chunks: AsyncIterable<Buffer>) => onceRecognized(chunks, name, format);
  const sink = new Writable({
    ...pieces,
    write: (chunk: Buffer, _encoding, done) => {
      const failed = (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      };
      try {
        const taken = text?.push(chunk);
        if (taken === undefined) done();
        else
          taken.then(() => {
            done();
          }, failed);
      } catch (error) {
        failed(error);
      }
    },
  });
  try {
    await (format.compression === "gzip"
      ? pipeline(source, hashed, unpacked, recognized, sink)
      : pipeline(source, hashed, recognized, sink));
  } catch (error) {
    throw gzipFailure(error, name, text?.lines ?? 0);
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function checkMagic(file: string, name: string, { format, compression }: Format): Promise<void> {
  if (format === "csv" && compression === "none") return;
  const expected = format === "parquet" ? Buffer.from("PAR1") : Buffer.from([gzipMagic, 0x8b]);
  const handle = await open(file);
  try {
    const start = Buffer.alloc(sampleBytes);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const found = start.subarray(0, bytesRead);
    if (!found.subarray(0, expected.length).equals(expected)) throw wrongMagic(name, format, found);
    if (format === "parquet") {
      const { size } = await handle.stat();
      const end = Buffer.alloc(4);
      await handle.read(end, 0, 4, Math.max(0, size - 4));
      if (!end.equals(expected))
        throw new Failure("integrity", `${name} is truncated: it has no Parquet footer at byte ${size}`);
    }
  } finally {
    await handle.close();
  }
}

function wrongMagic(name: string, format: Format["format"], found: Buffer): Failure {
  const what = format === "parquet" ? "Parquet" : "gzip";
  const text = JSON.stringify(
    found
      .subarray(0, 40)
      .toString("latin1")
      .replace(/[^ -~]+/g, "."),
  );
  const foreign = foreignContent(found);
  const start =
    found.length === 0
      ? "it is empty"
      : `it starts with ${text}${foreign === undefined ? "" : ` (${foreign})`}`;
  return new Failure(
    "integrity",
    `${name} is not a valid ${what} file: ${start}; the source may have returned an error page`,
  );
}

/** Passes on content that may be CSV. @throws Failure integrity that names the detected format */
async function* onceRecognized(
  chunks: AsyncIterable<Buffer>,
  name: string,
  { format, compression }: Format,
): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = format === "csv" ? Buffer.alloc(0) : undefined;
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < sampleBytes) continue;
    checkForeign(head, name, compression);
    yield head;
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  checkForeign(head, name, compression);
  yield head;
}

function checkForeign(head: Buffer, name: string, compression: Format["compression"]): void {
  const what = foreignContent(head.subarray(0, sampleBytes));
  if (what === undefined) return;
  const packed = compression === "gzip" ? " in gzip" : "";
  throw new Failure("integrity", `${name} is ${what}${packed}, not CSV in UTF-8; ${adviceFor(what)}`);
}

function adviceFor(what: string): string {
  if (what === "gzip") return 'set source.compression to "gzip", or use a --source that ends with .csv.gz';
  if (what.startsWith("Parquet"))
    return 'set source.format to "parquet", or use a --source that ends with .parquet';
  if (/^(HTML|XML)/.test(what)) return "the source may have returned an error page";
  return "only CSV, gzip-compressed CSV and Parquet are supported";
}

function gzipFailure(error: unknown, name: string, lines: number): unknown {
  const fault = gzipFault(error, lines);
  return fault === undefined ? error : new Failure("integrity", `${name} is ${fault}`, { cause: error });
}
