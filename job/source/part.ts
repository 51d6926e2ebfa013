/** An incomplete download: its bytes in one file, and their version in a file next to it. */
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import * as z from "zod/mini";

/** The version of a file according to its server. */
export interface Version {
  /** Key of the address; see `addressKey`. */
  readonly of: string;
  /** Address after redirects. */
  readonly at: string;
  /** Strong or weak. */
  readonly etag?: string;
  /** Only if it was old enough to distinguish two versions. */
  readonly lastModified?: string;
  /** Content-Encoding of the bytes; empty for none. */
  readonly coding: string;
  /** Size of the whole file as sent, in bytes. */
  readonly total?: number;
  /** Checksum of the whole file, if the server provides one: `crc32:<base64>`. */
  readonly checksum?: string;
}

export interface Part extends Version {
  /** Number of bytes downloaded, from the start of the file. */
  readonly bytes: number;
  /** Number of responses they are from. */
  readonly pieces: number;
  /** Number of consecutive attempts to resume that received nothing. */
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

/** The file next to an incomplete download that contains its version. */
export function sidecar(file: string): string {
  return `${file}.version`;
}

/** The part that an earlier attempt or run has downloaded from this address. */
export async function partOf(file: string, of: string): Promise<Part | undefined> {
  try {
    const version = shape.parse(JSON.parse(await readFile(sidecar(file), "utf8")));
    const { size } = await stat(file);
    if (version.of !== of || size === 0 || size > (version.total ?? Infinity)) return undefined;
    // Possibly complete: request the last byte, to check whether the server still has this version.
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

/** Marks the file as not to be resumed: it is complete, or cannot be used. */
export async function endPart(file: string): Promise<void> {
  await rm(sidecar(file), { force: true });
}

export async function dropPart(file: string): Promise<void> {
  await endPart(file);
  await rm(file, { force: true });
}

/** The validator that proves that more bytes are of the same version: a strong ETag, otherwise the date. */
export function proofOf({ etag, lastModified }: Version): string | undefined {
  return isStrong(etag) ? etag : lastModified;
}

/** A weak ETag guarantees equivalent content, not identical bytes. */
export function isStrong(etag: string | undefined): etag is string {
  return etag !== undefined && !/^W\//i.test(etag);
}
