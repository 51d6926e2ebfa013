import type { ColumnType } from "../../dataset";
import { inlineLength, isValid, textLength, textOf, type RawColumn } from "../engine/raw-columns";

/**
 * Encodes rows of DuckDB in the binary format of Postgres' COPY.
 * https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */

/** Start of a binary COPY: signature, flags, length of the header extension. */
export const copyHeader = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
/** End of a binary COPY: a row of -1 columns. */
export const copyTrailer = Buffer.from([0xff, 0xff]);

/** Days from 1970-01-01, DuckDB's epoch, to 2000-01-01, Postgres' epoch. */
export const epochDays = 10_957;
/** The same in microseconds, as two 32-bit words. */
const epochMicros = {
  low: 946_684_800_000_000 | 0,
  high: Math.floor(946_684_800_000_000 / 2 ** 32),
} as const;

/** Bytes that store the length of a value, and the number of columns of a row. */
const lengthBytes = 4;
const countBytes = 2;

/** Bytes per value, for types of fixed length. */
const widths: Readonly<Record<Exclude<ColumnType, "STRING" | "NUMERIC">, number>> = {
  INTEGER: 8,
  FLOAT: 8,
  BOOLEAN: 1,
  DATE: 4,
  DATETIME: 8,
  TIMESTAMP: 8,
};

/**
 * Encodes all rows of a chunk. It writes column by column, each value at the current end of its row: V8 compiles such
 * loops to code as fast as native loops.
 */
export function encodeRows(columns: readonly RawColumn[], rowCount: number): Buffer {
  const numerics = new Map(
    columns.flatMap((column) => (column.type === "NUMERIC" ? [[column, numericsOf(column, rowCount)]] : [])),
  );
  const ends = rowEnds(columns, rowCount, numerics);
  const encoded = Buffer.allocUnsafe(ends[rowCount] ?? 0);
  const target = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  // Position of the next value of each row.
  const at = ends.subarray(0, rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    target.setInt16(at[row] ?? 0, columns.length);
    at[row] = (at[row] ?? 0) + countBytes;
  }
  for (const column of columns) writeColumn(column, rowCount, at, target, encoded, numerics.get(column));
  return encoded;
}

/** The position at which each row begins, and the end of the last row. */
function rowEnds(
  columns: readonly RawColumn[],
  rowCount: number,
  numerics: ReadonlyMap<RawColumn, Numerics>,
): Int32Array {
  const sizes = new Int32Array(rowCount).fill(countBytes + lengthBytes * columns.length);
  for (const column of columns) addSizes(column, sizes, numerics.get(column));
  const ends = new Int32Array(rowCount + 1);
  let end = 0;
  for (let row = 0; row < rowCount; row += 1) {
    ends[row] = end;
    end += sizes[row] ?? 0;
  }
  ends[rowCount] = end;
  return ends;
}

function addSizes(column: RawColumn, sizes: Int32Array, numerics: Numerics | undefined): void {
  const { type, valid } = column;
  if (type === "STRING") {
    for (let row = 0; row < sizes.length; row += 1) {
      if (isValid(valid, row)) sizes[row] = (sizes[row] ?? 0) + textLength(column, row);
    }
  } else if (type === "NUMERIC") {
    for (let row = 0; row < sizes.length; row += 1) {
      if (isValid(valid, row)) sizes[row] = (sizes[row] ?? 0) + (numerics?.[row]?.length ?? 0);
    }
  } else {
    const width = widths[type];
    for (let row = 0; row < sizes.length; row += 1) {
      if (isValid(valid, row)) sizes[row] = (sizes[row] ?? 0) + width;
    }
  }
}

function writeColumn(
  column: RawColumn,
  rowCount: number,
  at: Int32Array,
  target: DataView,
  encoded: Buffer,
  numerics: Numerics | undefined,
): void {
  switch (column.type) {
    case "INTEGER":
    case "FLOAT":
      writeLong(column, rowCount, at, target, noShift);
      break;
    case "DATETIME":
    case "TIMESTAMP":
      writeLong(column, rowCount, at, target, epochMicros);
      break;
    case "DATE":
      writeDates(column, rowCount, at, target);
      break;
    case "BOOLEAN":
      writeBooleans(column, rowCount, at, target);
      break;
    case "STRING":
      writeTexts(column, rowCount, at, target, encoded);
      break;
    case "NUMERIC":
      writeNumerics(column, rowCount, at, target, encoded, numerics);
      break;
  }
}

const noShift = { low: 0, high: 0 } as const;

/** Writes eight bytes per value, minus `shift`. */
function writeLong(
  { words, valid }: RawColumn,
  rowCount: number,
  at: Int32Array,
  target: DataView,
  shift: { readonly low: number; readonly high: number },
): void {
  const { low: shiftLow, high: shiftHigh } = shift;
  for (let row = 0; row < rowCount; row += 1) {
    const position = at[row] ?? 0;
    if (isValid(valid, row)) {
      const low = words[row * 2] ?? 0;
      const high = words[row * 2 + 1] ?? 0;
      const borrow = low >>> 0 < shiftLow >>> 0 ? 1 : 0;
      target.setInt32(position, 8);
      target.setInt32(position + 4, high - shiftHigh - borrow);
      target.setInt32(position + 8, low - shiftLow);
      at[row] = position + 12;
    } else {
      target.setInt32(position, -1);
      at[row] = position + lengthBytes;
    }
  }
}

function writeDates({ words, valid }: RawColumn, rowCount: number, at: Int32Array, target: DataView): void {
  for (let row = 0; row < rowCount; row += 1) {
    const position = at[row] ?? 0;
    if (isValid(valid, row)) {
      target.setInt32(position, 4);
      target.setInt32(position + 4, (words[row] ?? 0) - epochDays);
      at[row] = position + 8;
    } else {
      target.setInt32(position, -1);
      at[row] = position + lengthBytes;
    }
  }
}

function writeBooleans(
  { bytes, valid }: RawColumn,
  rowCount: number,
  at: Int32Array,
  target: DataView,
): void {
  const step = bytes.length / rowCount;
  for (let row = 0; row < rowCount; row += 1) {
    const position = at[row] ?? 0;
    if (isValid(valid, row)) {
      target.setInt32(position, 1);
      target.setUint8(position + 4, bytes[row * step] === 0 ? 0 : 1);
      at[row] = position + 5;
    } else {
      target.setInt32(position, -1);
      at[row] = position + lengthBytes;
    }
  }
}

function writeTexts(
  column: RawColumn,
  rowCount: number,
  at: Int32Array,
  target: DataView,
  encoded: Buffer,
): void {
  const { bytes, valid } = column;
  for (let row = 0; row < rowCount; row += 1) {
    const position = at[row] ?? 0;
    if (!isValid(valid, row)) {
      target.setInt32(position, -1);
      at[row] = position + lengthBytes;
      continue;
    }
    const length = textLength(column, row);
    const start = position + lengthBytes;
    target.setInt32(position, length);
    if (length <= inlineLength) {
      // Creating a view per short text would take longer than copying its bytes.
      const from = row * 16 + 4;
      for (let index = 0; index < length; index += 1) encoded[start + index] = bytes[from + index] ?? 0;
    } else {
      encoded.set(textOf(column, row), start);
    }
    at[row] = start + length;
  }
}

function writeNumerics(
  { valid }: RawColumn,
  rowCount: number,
  at: Int32Array,
  target: DataView,
  encoded: Buffer,
  numerics: Numerics | undefined,
): void {
  for (let row = 0; row < rowCount; row += 1) {
    const position = at[row] ?? 0;
    const bytes = isValid(valid, row) ? numerics?.[row] : undefined;
    target.setInt32(position, bytes?.length ?? -1);
    if (bytes !== undefined) encoded.set(bytes, position + lengthBytes);
    at[row] = position + lengthBytes + (bytes?.length ?? 0);
  }
}

/** One per row; undefined for NULL. */
type Numerics = readonly (Uint8Array | undefined)[];

function numericsOf({ words, valid }: RawColumn, rowCount: number): Numerics {
  return Array.from({ length: rowCount }, (_, row) => {
    if (!isValid(valid, row)) return undefined;
    const word = (index: number) => BigInt((words[row * 4 + index] ?? 0) >>> 0) << BigInt(32 * index);
    return numericOf(BigInt.asIntN(128, word(0) | word(1) | word(2) | word(3)));
  });
}

const scale = 9;

/** Postgres' numeric: groups of four decimal digits, weight of the first group, sign, digits after the decimal point. */
function numericOf(unscaled: bigint): Uint8Array {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  const padded =
    whole.padStart(Math.ceil(whole.length / 4) * 4, "0") + fraction.padEnd(Math.ceil(scale / 4) * 4, "0");
  const groups = padded.match(/.{4}/g) ?? [];
  const bytes = new Uint8Array(8 + groups.length * 2);
  const target = new DataView(bytes.buffer);
  target.setInt16(0, groups.length);
  target.setInt16(2, Math.ceil(whole.length / 4) - 1);
  target.setInt16(4, unscaled < 0n ? 0x4000 : 0);
  target.setInt16(6, scale);
  groups.forEach((group, index) => {
    target.setInt16(8 + index * 2, Number(group));
  });
  return bytes;
}
