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

/** Writes one column's value of one row at the writer's position. */
type Encode = (writer: Writer, row: number) => void;

/** All rows of a chunk. */
export function encodeChunk(chunk: DuckDBDataChunk): Buffer {
  const encoders = Array.from({ length: chunk.columnCount }, (_, index) =>
    encoder(chunk.getColumnVector(index)),
  );
  const writer = new Writer(chunk.rowCount * encoders.length * 12);
  for (let row = 0; row < chunk.rowCount; row += 1) {
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
  private buffer: Buffer;
  private position = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(size, 1024));
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  byte(value: number): void {
    this.reserve(1);
    this.position = this.buffer.writeUInt8(value, this.position);
  }

  int16(value: number): void {
    this.reserve(2);
    this.position = this.buffer.writeInt16BE(value, this.position);
  }

  int32(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeInt32BE(value, this.position);
  }

  int64(value: bigint): void {
    this.reserve(8);
    this.position = this.buffer.writeBigInt64BE(value, this.position);
  }

  double(value: number): void {
    this.reserve(8);
    this.position = this.buffer.writeDoubleBE(value, this.position);
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.int32(bytes);
    this.reserve(bytes);
    this.position += this.buffer.write(value, this.position);
  }

  /** Postgres' numeric: groups of four decimal digits, the weight of the first, sign, digits behind the point. */
  numeric(unscaled: bigint, scale: number): void {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
    const whole = digits.slice(0, digits.length - scale);
    const fraction = digits.slice(digits.length - scale);
    const padded =
      whole.padStart(Math.ceil(whole.length / 4) * 4, "0") + fraction.padEnd(Math.ceil(scale / 4) * 4, "0");
    const groups = padded.match(/.{4}/g) ?? [];
    this.int32(8 + groups.length * 2);
    this.int16(groups.length);
    this.int16(Math.ceil(whole.length / 4) - 1);
    this.int16(unscaled < 0n ? 0x4000 : 0);
    this.int16(scale);
    for (const group of groups) this.int16(Number(group));
  }

  private reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
}
