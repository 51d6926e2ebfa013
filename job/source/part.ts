/** A download that is not finished: its bytes in one file, and beside it which version they are of. */
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import * as z from "zod/mini";

/** The version of a file, as the server that has it says. */
export interface Version {
  /** Which address it is of; see `addressKey`. */
  readonly of: string;
  /** Where redirects led to. */
  readonly at: string;
  /** Strong or weak. */
  readonly etag?: string;
  /** Only where it was old enough to tell two versions apart. */
  readonly lastModified?: string;
  /** Content-Encoding of the bytes; empty for none. */
  readonly coding: string;
  /** Bytes of the whole, as they are sent. */
  readonly total?: number;
  /** What the whole must have, if the server says: `crc32:<base64>`. */
  readonly checksum?: string;
}

export interface Part extends Version {
  /** How many of the whole's first bytes are here. */
  readonly bytes: number;
  /** From how many answers they are. */
  readonly pieces: number;
  /** How often in a row going on has brought nothing. */
  readonly failures: number;
}

const shape = z.object({
  of: z.string(),
  at: z.string(),
  etag: z.optional(z.string()),
  lastModified: z.optional(z.string()),
  coding: z.string(),
  total: z.optional(z.number()),
  checksum: z.optional(z.string()),
  pieces: z.number(),
  failures: z.number(),
});

/** The file beside an unfinished download that says which version it is a part of. */
export function sidecar(file: string): string {
  return `${file}.version`;
}

/** What an earlier attempt, or an earlier run, left of this address. */
export async function partOf(file: string, of: string): Promise<Part | undefined> {
  try {
    const version = shape.parse(JSON.parse(await readFile(sidecar(file), "utf8")));
    const { size } = await stat(file);
    if (version.of !== of || size === 0 || size > (version.total ?? Infinity)) return undefined;
    // Whole, but not known to be: asked for its last byte, the server says whether it still has that version.
    const bytes = size === version.total ? size - 1 : size;
    if (bytes === 0) return undefined;
    await truncate(file, bytes);
    return { ...version, bytes };
  } catch {
    return undefined;
  }
}

export async function writePart(file: string, part: Omit<Part, "bytes">): Promise<void> {
  const { of, at, etag, lastModified, coding, total, checksum, pieces, failures } = part;
  const kept = { of, at, etag, lastModified, coding, total, checksum, pieces, failures };
  await writeFile(sidecar(file), JSON.stringify(kept));
}

/** The bytes are whole, or of no use: nothing goes on from them. */
export async function endPart(file: string): Promise<void> {
  await rm(sidecar(file), { force: true });
}

export async function dropPart(file: string): Promise<void> {
  await endPart(file);
  await rm(file, { force: true });
}

/** What proves that more bytes are of the same version: a strong ETag, or else a date. */
export function proofOf({ etag, lastModified }: Version): string | undefined {
  return isStrong(etag) ? etag : lastModified;
}

/** A weak tag promises equal meaning, not equal bytes. */
export function isStrong(etag: string | undefined): etag is string {
  return etag !== undefined && !/^W\//i.test(etag);
}
