import {
  DuckDBBigIntVector,
  DuckDBBooleanVector,
  DuckDBDateVector,
  DuckDBDecimal128Vector,
  DuckDBDoubleVector,
  DuckDBTimestampTZVector,
  DuckDBTimestampVector,
  DuckDBVarCharVector,
  type DuckDBDataChunk,
  type DuckDBVector,
} from "@duckdb/node-api";

/**
 * Rows of DuckDB in the binary form of Postgres' COPY.
 * https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */

/** What a binary COPY begins with: signature, flags, length of the header's extension. */
export const copyHeader = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
/** What it ends with: a row of -1 columns. */
export const copyTrailer = Buffer.from([0xff, 0xff]);

/** From 1970-01-01, where DuckDB counts from, to 2000-01-01, where Postgres does. */
const epochDays = 10_957;
const epochMicros = 946_684_800_000_000n;

/** Bytes of a length and the largest value of fixed length. */
const largestField = 12;
/** What may still follow in the row after a value of any length; Postgres allows 1,600 columns. */
const reservePerRow = 1600 * largestField;
const utf8 = new TextEncoder();

/** Writes one column's value of one row at the writer's position. */
type Encode = (writer: Writer, row: number) => void;

/** All rows of a chunk. */
export function encodeChunk(chunk: DuckDBDataChunk): Buffer {
  const encoders = Array.from({ length: chunk.columnCount }, (_, index) =>
    encoder(chunk.getColumnVector(index)),
  );
  const { rowCount } = chunk;
  const rowBytes = 2 + encoders.length * largestField;
  const writer = new Writer(rowCount * rowBytes);
  for (let row = 0; row < rowCount; row += 1) {
    writer.reserve(rowBytes);
    writer.int16(encoders.length);
    for (const encode of encoders) encode(writer, row);
  }
  return writer.finish();
}

function encoder(vector: DuckDBVector): Encode {
  if (vector instanceof DuckDBBigIntVector) {
    return fixed(vector, 8, (writer, value: bigint) => {
      writer.int64(value);
    });
  }
  if (vector instanceof DuckDBDoubleVector) {
    return fixed(vector, 8, (writer, value: number) => {
      writer.double(value);
    });
  }
  if (vector instanceof DuckDBTimestampVector || vector instanceof DuckDBTimestampTZVector) {
    return fixed(vector, 8, (writer, { micros }: { readonly micros: bigint }) => {
      writer.int64(micros - epochMicros);
    });
  }
  if (vector instanceof DuckDBDateVector) {
    return fixed(vector, 4, (writer, { days }: { readonly days: number }) => {
      writer.int32(days - epochDays);
    });
  }
  if (vector instanceof DuckDBBooleanVector) {
    return fixed(vector, 1, (writer, value: boolean) => {
      writer.byte(value ? 1 : 0);
    });
  }
  if (vector instanceof DuckDBVarCharVector) {
    return (writer, row) => {
      const text = vector.getItem(row);
      if (text === null) writer.int32(-1);
      else writer.text(text);
    };
  }
  if (vector instanceof DuckDBDecimal128Vector) {
    return (writer, row) => {
      const decimal = vector.getItem(row);
      if (decimal === null) writer.int32(-1);
      else writer.numeric(decimal.value, decimal.scale);
    };
  }
  throw new TypeError(`no binary form is known for a column of type ${vector.type.toString()}`);
}

function fixed<Value>(
  vector: { getItem(row: number): Value | null },
  bytes: number,
  write: (writer: Writer, value: Value) => void,
): Encode {
  return (writer, row) => {
    const value = vector.getItem(row);
    if (value === null) {
      writer.int32(-1);
      return;
    }
    writer.int32(bytes);
    write(writer, value);
  };
}

/** A buffer that grows; numbers go in big-endian. */
class Writer {
  private bytes: Uint8Array;
  private view: DataView;
  private position = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(Math.max(size, 1024));
    this.view = new DataView(this.bytes.buffer);
  }

  finish(): Buffer {
    return Buffer.from(this.bytes.buffer, 0, this.position);
  }

  /** Makes room for so many bytes more; the number methods rely on it. */
  reserve(count: number): void {
    if (this.position + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.position + count));
    larger.set(this.bytes.subarray(0, this.position));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.view.setUint8(this.position, value);
    this.position += 1;
  }

  int16(value: number): void {
    this.view.setInt16(this.position, value);
    this.position += 2;
  }

  int32(value: number): void {
    this.view.setInt32(this.position, value);
    this.position += 4;
  }

  int64(value: bigint): void {
    this.view.setBigInt64(this.position, value);
    this.position += 8;
  }

  double(value: number): void {
    this.view.setFloat64(this.position, value);
    this.position += 8;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.int32(length);
    this.reserve(length + reservePerRow);
    utf8.encodeInto(value, this.bytes.subarray(this.position));
    this.position += length;
  }

  /** Postgres' numeric: groups of four decimal digits, the weight of the first, sign, digits behind the point. */
  numeric(unscaled: bigint, scale: number): void {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
    const whole = digits.slice(0, digits.length - scale);
    const fraction = digits.slice(digits.length - scale);
    const padded =
      whole.padStart(Math.ceil(whole.length / 4) * 4, "0") + fraction.padEnd(Math.ceil(scale / 4) * 4, "0");
    const groups = padded.match(/.{4}/g) ?? [];
    this.reserve(12 + groups.length * 2 + reservePerRow);
    this.int32(8 + groups.length * 2);
    this.int16(groups.length);
    this.int16(Math.ceil(whole.length / 4) - 1);
    this.int16(unscaled < 0n ? 0x4000 : 0);
    this.int16(scale);
    for (const group of groups) this.int16(Number(group));
  }
}
