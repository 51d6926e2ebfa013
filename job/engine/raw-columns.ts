import duckdb from "@duckdb/node-bindings";
import {
  DuckDBTypeId,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBResult,
} from "@duckdb/node-api";
import type { ColumnType } from "../../dataset";

/**
 * The values of one column of a chunk as they lie in the engine's memory, to be read without an object for each.
 * Valid only until the chunk's next one is asked for.
 */
export interface RawColumn {
  readonly type: ColumnType;
  /**
   * 32-bit words, little-endian: one a value for DATE (days since 1970); two for INTEGER, FLOAT, DATETIME and TIMESTAMP
   * (microseconds since 1970); four for NUMERIC (the number times 10^9) and STRING (see `textOf`). None for BOOLEAN.
   */
  readonly words: Int32Array;
  /** One byte a value for BOOLEAN. */
  readonly bytes: Uint8Array;
  /** A bit for each value, 0 for NULL; undefined when none is NULL. */
  readonly valid: Int32Array | undefined;
}

/** Bytes of a value in a chunk, and the engine's type. */
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
 * The rows of a query, piece by piece; undefined after the last.
 *
 * @param types the columns' types, in order
 * @throws TypeError when a column of the result is not of the engine's type for it
 */
export async function rawChunks(
  connection: DuckDBConnection,
  sql: string,
  types: readonly ColumnType[],
): Promise<() => Promise<RawChunk | undefined>> {
  const result = await connection.stream(sql);
  checkTypes(result, types);
  // Kept here, for nothing else keeps its memory from being freed while its columns are read.
  let chunk: DuckDBDataChunk | null;
  return async () => {
    chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return undefined;
    return { rowCount: chunk.rowCount, columns: rawColumns(chunk, types) };
  };
}

function checkTypes(result: DuckDBResult, types: readonly ColumnType[]): void {
  types.forEach((type, index) => {
    const found = result.columnTypeId(index);
    if (found !== layouts[type].typeId) {
      throw new TypeError(`column ${result.columnName(index)} is no ${type} but ${DuckDBTypeId[found]}`);
    }
  });
}

function rawColumns({ chunk, rowCount }: DuckDBDataChunk, types: readonly ColumnType[]): RawColumn[] {
  return types.map((type, index) => {
    const vector = duckdb.data_chunk_get_vector(chunk, index);
    const bytes = duckdb.vector_get_data(vector, rowCount * layouts[type].width);
    // Null when every value is valid, whatever the binding declares.
    const valid: unknown = duckdb.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8);
    return {
      type,
      words: type === "BOOLEAN" ? noWords : wordsOf(bytes),
      bytes,
      valid: ArrayBuffer.isView(valid) ? wordsOf(valid) : undefined,
    };
  });
}

/** Longest text, in bytes, that lies in the vector itself: four bytes behind where its entry of sixteen begins. */
export const inlineLength = 12;

const noWords = new Int32Array(0);

function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}

/** Whether the value of a row is not NULL. */
export function isValid(valid: Int32Array | undefined, row: number): boolean {
  return valid === undefined || ((valid[row >> 5] ?? 0) & (1 << (row & 31))) !== 0;
}

/** How many bytes of UTF-8 a STRING has. */
export function textLength({ words }: RawColumn, row: number): number {
  return words[row * 4] ?? 0;
}

/** The bytes of a STRING: up to twelve are in the vector itself, else a pointer to them. */
export function textOf({ words, bytes }: RawColumn, row: number): Uint8Array {
  const length = words[row * 4] ?? 0;
  const at = row * 16;
  if (length <= inlineLength) return bytes.subarray(at + 4, at + 4 + length);
  const { buffer, byteOffset } = bytes;
  if (!isUnshared(buffer)) throw new TypeError("the engine shares its memory with other threads");
  return duckdb.get_data_from_pointer(buffer, byteOffset + at + 8, length);
}

function isUnshared(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === "[object ArrayBuffer]";
}
