/** Reads the beginning of a source file, and finds out how its text is stored. */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { Source } from "../../dataset";
import { Failure } from "../failure";
import { decoder } from "../source/decode";
import { foreignContent, sampleBytes as magicBytes } from "../source/foreign-content";
import { unzipped } from "../source/zip";

/** How a file stores its text. */
export interface Storage {
  readonly compression: NonNullable<Source["compression"]>;
  readonly encoding: NonNullable<Source["encoding"]>;
}

/** The beginning of a text file in UTF-8, in complete lines. */
export interface TextSample extends Storage {
  readonly kind: "text";
  readonly text: string;
  /** Whether it is the whole file. */
  readonly whole: boolean;
}

export type Sample = TextSample | { readonly kind: "parquet" };

/** Number of bytes of a text that are read. */
const maxText = 4 << 20;

/**
 * @param name name of the file, for messages
 * @param cut whether `file` is only the beginning of the source
 * @throws Failure permanent when the format is not supported
 */
export async function readSample(file: string, name: string, cut: boolean): Promise<Sample> {
  const head = await firstBytes(createReadStream(file), magicBytes);
  if (head.bytes.subarray(0, 4).toString("latin1") === "PAR1") return { kind: "parquet" };
  const compression = compressionOf(head.bytes);
  const { bytes, whole } = await firstBytes(unpacked(file, name, compression), maxText);
  if (bytes.length === 0) throw new Failure("permanent", `${name} is empty`);
  const encoding = encodingOf(bytes);
  const decode = decoder(encoding, name);
  // A character that is cut is not an error of the sample.
  const even = encoding === "utf-16" ? bytes.subarray(0, bytes.length & ~1) : bytes;
  const pieces = decode === undefined ? [even] : await all(decode(one(even)));
  const text = Buffer.concat(pieces)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const foreign = foreignContent(Buffer.from(text.slice(0, magicBytes)).subarray(0, magicBytes));
  if (foreign !== undefined && foreign !== "JSON")
    throw new Failure(
      "permanent",
      `${name} is ${foreign}: only CSV, lines of JSON and Parquet are supported`,
    );
  const isWhole = whole && !cut;
  return { kind: "text", text: isWhole ? text : completeLines(text), whole: isWhole, compression, encoding };
}

function compressionOf(head: Buffer): Storage["compression"] {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head.subarray(0, 4).toString("latin1") === "PK\x03\x04" ? "zip" : "none";
}

function unpacked(file: string, name: string, compression: Storage["compression"]): AsyncIterable<Buffer> {
  switch (compression) {
    case "none":
      return createReadStream(file);
    case "zip":
      return unzipped(file, name);
    case "gzip":
      return createReadStream(file).pipe(createGunzip());
  }
}

/** The first bytes of a stream. The end of a compressed file that was cut is not an error. */
async function firstBytes(chunks: AsyncIterable<Buffer>, most: number) {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      pieces.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
  } catch (error) {
    if (length === 0 || error instanceof Failure) throw error;
    return { bytes: Buffer.concat(pieces), whole: false };
  }
  return { bytes: Buffer.concat(pieces).subarray(0, most), whole: length <= most };
}

function encodingOf(bytes: Buffer): Storage["encoding"] {
  if (foreignContent(bytes.subarray(0, magicBytes))?.startsWith("UTF-16") === true) return "utf-16";
  // The last character may be incomplete.
  const end = bytes.lastIndexOf(10);
  const complete = end < 0 ? bytes : bytes.subarray(0, end);
  if (isUtf8(complete)) return "utf-8";
  return complete.some((byte) => byte >= 0x80 && byte <= 0x9f) ? "windows-1252" : "latin1";
}

function completeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

async function all(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return pieces;
}
