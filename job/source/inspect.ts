import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../failure";
import { foreignContent, sampleBytes } from "./foreign-content";
import type { TextStep } from "./decode";
import { gzipFault, GzipReader } from "./gzip";
import { unzipped } from "./zip";
import type { Format } from "../../dataset";

/** Result of inspecting a file. */
export interface Inspection {
  readonly bytes: number;
  readonly sha256: string;
}

/** Receives the uncompressed text of a file, chunk by chunk. */
export interface TextSink {
  push(piece: Buffer): void;
  /** Number of complete lines so far. */
  readonly lines: number;
}

// With Node's default of 16 KiB, decompression is three times slower.
const pieces = { highWaterMark: 1 << 20 };

/**
 * Reads a whole file once: computes its hash and checks its format and compression.
 *
 * @param text receives the uncompressed content, in UTF-8
 * @param steps what the uncompressed content passes through before it is read, in order
 * @throws Failure integrity when the file has another format, or is truncated or damaged
 */
export async function inspect(
  file: string,
  name: string,
  format: Format,
  text?: TextSink,
  steps: readonly TextStep[] = [],
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
  const recognized = (chunks: AsyncIterable<Buffer>) => onceRecognized(chunks, name, format);
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
    let content: AsyncIterable<Buffer> = hashed(createReadStream(file, pieces));
    if (format.compression === "zip") {
      // The directory of the archive is at its end.
      await pipeline(content, drain());
      content = unzipped(file, name);
    } else if (format.compression === "gzip") content = new GzipReader().read(content);
    for (const step of [...steps, recognized]) content = step(content);
    await pipeline(content, sink);
  } catch (error) {
    throw gzipFailure(error, name, text?.lines ?? 0);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Reads a stream to its end. */
function drain(): Writable {
  return new Writable({
    ...pieces,
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
}

async function checkMagic(file: string, name: string, { format, compression }: Format): Promise<void> {
  if (format !== "parquet" && compression === "none") return;
  const expected = format === "parquet" ? Buffer.from("PAR1") : magic[compression ?? "none"];
  const handle = await open(file);
  try {
    const start = Buffer.alloc(sampleBytes);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const found = start.subarray(0, bytesRead);
    if (!found.subarray(0, expected.length).equals(expected))
      throw wrongMagic(name, format === "parquet" ? "Parquet" : (compression ?? "none"), found);
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

const magic = {
  none: Buffer.alloc(0),
  gzip: Buffer.from([0x1f, 0x8b]),
  // An empty archive begins with other letters, and has no file to read.
  zip: Buffer.from("PK"),
} as const;

function wrongMagic(name: string, what: string, found: Buffer): Failure {
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
  let head: Buffer | undefined = format === "parquet" ? undefined : Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < sampleBytes) continue;
    checkForeign(head, name, format, compression);
    yield head;
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  checkForeign(head, name, format, compression);
  yield head;
}

/** @throws Failure integrity that names the format of a text that is not the expected one */
export function checkForeign(
  head: Buffer,
  name: string,
  format: Format["format"],
  compression: Format["compression"],
): void {
  const what = foreignContent(head.subarray(0, sampleBytes));
  if (what === undefined || (format === "jsonl" && what === "JSON")) return;
  const packed = compression === "none" ? "" : ` in ${compression}`;
  const expected = format === "csv" ? "CSV in UTF-8" : "lines of JSON in UTF-8";
  throw new Failure("integrity", `${name} is ${what}${packed}, not ${expected}; ${adviceFor(what)}`);
}

function adviceFor(what: string): string {
  if (what === "gzip") return 'set source.compression to "gzip", or use a --source that ends with .csv.gz';
  if (what === "a zip archive")
    return 'set source.compression to "zip", or use a --source that ends with .zip';
  if (what.startsWith("UTF-16")) return 'set source.encoding to "utf-16"';
  if (what === "JSON")
    return 'if each line is an object, set source.format to "jsonl"; an array is not supported';
  if (what.startsWith("Parquet"))
    return 'set source.format to "parquet", or use a --source that ends with .parquet';
  if (/^(HTML|XML)/.test(what)) return "the source may have returned an error page";
  return "only CSV, lines of JSON and Parquet are supported, text also in gzip or zip";
}

function gzipFailure(error: unknown, name: string, lines: number): unknown {
  const fault = gzipFault(error, lines);
  return fault === undefined ? error : new Failure("integrity", `${name} is ${fault}`, { cause: error });
}
