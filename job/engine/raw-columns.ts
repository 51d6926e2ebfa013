import duckdb from "@duckdb/node-bindings";
import {
  DuckDBTypeId,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBResult,
} from "@duckdb/node-api";
import type { ColumnType } from "../../dataset";
import { collectRecent } from "./collect";

/**
 * The values of one column of a chunk in DuckDB's memory, which are read without an object per value. Valid until the
 * next chunk is fetched.
 */
export interface RawColumn {
  readonly type: ColumnType;
  /**
   * 32-bit words, little-endian. Per value: one for DATE (days since 1970); two for INTEGER, FLOAT, DATETIME and
   * TIMESTAMP (microseconds since 1970); four for NUMERIC (the number times 10^9) and STRING (see `textOf`). None for
   * BOOLEAN.
   */
  readonly words: Int32Array;
  /** One byte per value for BOOLEAN. */
  readonly bytes: Uint8Array;
  /** One bit per value, 0 for NULL; undefined when no value is NULL. */
  readonly valid: Int32Array | undefined;
}

/** Bytes per value in a chunk, and DuckDB's type. */
const layouts: Readonly<Record<ColumnType, { readonly width: number; readonly typeId: DuckDBTypeId }>> = {
  STRING: { width: 16, typeId: DuckDBTypeId.VARCHAR },
  INTEGER: { width: 8, typeId: DuckDBTypeId.BIGINT },
  FLOAT: { width: 8, typeId: DuckDBTypeId.DOUBLE },
  NUMERIC: { width: 16, typeId: DuckDBTypeId.DECIMAL },
  BOOLEAN: { width: duckdb.sizeof_bool, typeId: DuckDBTypeId.BOOLEAN },
  DATE: { width: 4, typeId: DuckDBTypeId.DATE },
  DATETIME: { width: 8, typeId: DuckDBTypeId.TIMESTAMP },
  TIMESTAMP: { width: 8, typeId: DuckDBTypeId.TIMESTAMP_TZ },
};

/** Some rows of a result, column by column. */
export interface RawChunk {
  readonly rowCount: number;
  readonly columns: readonly RawColumn[];
}

/**
 * The rows of a query, chunk by chunk; undefined after the last chunk.
 *
 * @param types types of the columns, in order
 * @throws TypeError when a column of the result has another type
 */
export async function rawChunks(
  connection: DuckDBConnection,
  sql: string,
  types: readonly ColumnType[],
): Promise<() => Promise<RawChunk | undefined>> {
  const result = await connection.stream(sql);
  checkTypes(result, types);
  // This reference prevents the garbage collection of the chunk while its columns are read.
  let chunk: DuckDBDataChunk | null;
  let count = 0;
  return async () => {
    chunk = await result.fetchChunk();
    count += 1;
    if (count % chunksPerCollection === 0) collectRecent();
    if (chunk === null || chunk.rowCount === 0) return undefined;
    return { rowCount: chunk.rowCount, columns: rawColumns(chunk, types) };
  };
}

/** With half a megabyte per chunk of a typical table. */
const chunksPerCollection = 8;

function checkTypes(result: DuckDBResult, types: readonly ColumnType[]): void {
  types.forEach((type, index) => {
    const found = result.columnTypeId(index);
    if (found !== layouts[type].typeId) {
      throw new TypeError(
        `column ${result.columnName(index)} has the type ${DuckDBTypeId[found]}, expected ${type}`,
      );
    }
  });
}

function rawColumns({ chunk, rowCount }: DuckDBDataChunk, types: readonly ColumnType[]): RawColumn[] {
  return types.map((type, index) => {
    const vector = duckdb.data_chunk_get_vector(chunk, index);
    const bytes = duckdb.vector_get_data(vector, rowCount * layouts[type].width);
    // Null when every value is valid, although the binding declares otherwise.
    const valid: unknown = duckdb.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8);
    return {
      type,
      words: type === "BOOLEAN" ? noWords : wordsOf(bytes),
      bytes,
      valid: ArrayBuffer.isView(valid) ? wordsOf(valid) : undefined,
    };
  });
}

/** Longest text, in bytes, that is stored in the vector itself: at offset 4 of its 16-byte entry. */
export const inlineLength = 12;

const noWords = new Int32Array(0);

function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}

/** Whether the value of a row is not NULL. */
export function isValid(valid: Int32Array | undefined, row: number): boolean {
  return valid === undefined || ((valid[row >> 5] ?? 0) & (1 << (row & 31))) !== 0;
}

/** Length of a STRING in bytes of UTF-8. */
export function textLength({ words }: RawColumn, row: number): number {
  return words[row * 4] ?? 0;
}

/** The bytes of a STRING: in the vector itself up to `inlineLength`, otherwise behind a pointer. */
export function textOf({ words, bytes }: RawColumn, row: number): Uint8Array {
  const length = words[row * 4] ?? 0;
  const at = row * 16;
  if (length <= inlineLength) return bytes.subarray(at + 4, at + 4 + length);
  const { buffer, byteOffset } = bytes;
  if (!isUnshared(buffer)) throw new TypeError("DuckDB returned shared memory, which cannot be read here");
  return duckdb.get_data_from_pointer(buffer, byteOffset + at + 8, length);
}

function isUnshared(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === "[object ArrayBuffer]";
}
