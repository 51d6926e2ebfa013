import { open, type FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { Failure } from "../failure";

/** Position of the pages of one column in one row group of a Parquet file. */
export interface ColumnChunk {
  readonly column: string;
  /** Offset of the first page's header, in bytes. */
  readonly start: number;
  /** Size of all pages with their headers, in bytes. */
  readonly size: number;
}

/**
 * Verifies the checksums of a Parquet file's pages, if it has any, which DuckDB does not.
 *
 * @param name name of the file, for messages
 * @throws Failure integrity when a page does not match its checksum, or its header cannot be read
 */
export async function checkPages(file: string, name: string, chunks: readonly ColumnChunk[]): Promise<void> {
  const handle = await open(file);
  try {
    for (const { column, start, size } of chunks) {
      let at = start;
      while (at < start + size) {
        const damaged = (what: string) =>
          new Failure(
            "integrity",
            `${name} is damaged: column ${column}, page at byte ${at}: ${what}; run again, or check the file at its source`,
          );
        const page = await pageAt(handle, at, start + size - at);
        if (page === undefined) throw damaged("the page header cannot be read");
        const found =
          page.crc === undefined ? undefined : await sumOf(handle, at + page.headerBytes, page.bytes);
        if (found !== page.crc) throw damaged("the checksum does not match");
        at += page.headerBytes + page.bytes;
      }
    }
  } finally {
    await handle.close();
  }
}

interface Page {
  readonly headerBytes: number;
  /** Compressed, without the header. */
  readonly bytes: number;
  readonly crc: number | undefined;
}

/** Bytes to read for a header; statistics can make it longer. */
const usualHeader = 1 << 10;

/** The header of the page at an offset; undefined when it cannot be read. @param left bytes up to the end of the last page */
async function pageAt(handle: FileHandle, at: number, left: number): Promise<Page | undefined> {
  for (let size = Math.min(usualHeader, left); ; size = Math.min(size * 8, left)) {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, at);
    const page = pageHeader(bytes.subarray(0, bytesRead));
    if (page !== undefined) return page.bytes < 0 || page.headerBytes + page.bytes > left ? undefined : page;
    if (size === left) return undefined;
  }
}

async function sumOf(handle: FileHandle, start: number, size: number): Promise<number> {
  const piece = Buffer.alloc(Math.min(size, 1 << 20));
  let sum = 0;
  for (let done = 0; done < size;) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - done), start + done);
    if (bytesRead === 0) return Number.NaN;
    sum = crc32(piece.subarray(0, bytesRead), sum);
    done += bytesRead;
  }
  return sum;
}

/**
 * Parses a PageHeader in Thrift's compact protocol: field 3 is the compressed size, field 4 the checksum.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 *
 * @returns undefined when the header is incomplete or not valid
 */
function pageHeader(bytes: Buffer): Page | undefined {
  const reader = new ThriftReader(bytes);
  try {
    const numbers = reader.numbers();
    const size = numbers.get(3);
    const crc = numbers.get(4);
    if (size === undefined) return undefined;
    return { headerBytes: reader.at, bytes: size, crc: crc === undefined ? undefined : crc >>> 0 };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Types of numeric fields and elements. */
const [i16, i32, i64] = [4, 5, 6];

/** Reads one struct. Every method throws RangeError when the bytes end or are not valid. */
class ThriftReader {
  at = 0;
  constructor(private readonly bytes: Buffer) {}

  /** The struct's 16-bit and 32-bit integer fields by ID; all others are skipped. */
  numbers(): Map<number, number> {
    const found = new Map<number, number>();
    let id = 0;
    for (let head = this.byte(); head !== 0; head = this.byte()) {
      const [delta, type] = [head >> 4, head & 15];
      id = delta === 0 ? this.zigzag() : id + delta;
      if (type === i16 || type === i32) found.set(id, this.zigzag());
      else this.pass(type);
    }
    return found;
  }

  private pass(type: number): void {
    switch (type) {
      case 1:
      case 2:
        return; // A boolean is its type.
      case 3:
        this.skip(1);
        return;
      case i16:
      case i32:
      case i64:
        this.varint();
        return;
      case 7:
        this.skip(8);
        return;
      case 8:
        this.skip(this.varint());
        return;
      case 9:
      case 10: {
        const head = this.byte();
        const count = head >> 4 === 15 ? this.varint() : head >> 4;
        for (let index = 0; index < count; index += 1) this.pass((head & 15) <= 2 ? 3 : head & 15);
        return;
      }
      case 12:
        this.numbers();
        return;
      default:
        throw new RangeError(`type ${type} is not in a page header`);
    }
  }

  private byte(): number {
    return this.bytes.readUInt8(this.at++);
  }

  private skip(count: number): void {
    this.at += count;
    if (this.at > this.bytes.length) throw new RangeError("the bytes end");
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}
