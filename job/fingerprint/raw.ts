import type { DuckDBConnection } from "@duckdb/node-api";
import { type DatasetSpec, tableColumns } from "../../dataset";
import { isValid, inlineLength, rawChunks, textLength, textOf, type RawColumn } from "../engine/raw-columns";
import { ColumnSum, type Fingerprint } from "./fingerprint";

/** From 1970-01-01, DuckDB's epoch, to 2000-01-01, Postgres' epoch: in days, and in microseconds as two words. */
const epochDays = 10_957;
const epochMicros = {
  low: 946_684_800_000_000 | 0,
  high: Math.floor(946_684_800_000_000 / 2 ** 32),
} as const;

/**
 * The fingerprint of the result of a DuckDB query.
 *
 * @param sql a query that returns the columns of `tableColumns(spec)`, in that order
 */
export async function fingerprintOf(
  place: string,
  connection: DuckDBConnection,
  spec: DatasetSpec,
  sql: string,
): Promise<Fingerprint> {
  const columns = tableColumns(spec);
  const sums = columns.map(({ type }) => new ColumnSum(type));
  const next = await rawChunks(
    connection,
    sql,
    columns.map(({ type }) => type),
  );
  let rows = 0;
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    rows += chunk.rowCount;
    for (const [index, column] of chunk.columns.entries()) {
      const sum = sums[index];
      if (sum !== undefined) addColumn(sum, column, chunk.rowCount);
    }
  }
  return { place, rows, columns: new Map(columns.map(({ name }, index) => [name, sums[index] ?? empty])) };
}

const empty = { values: 0, sum: 0n };

function addColumn(sum: ColumnSum, column: RawColumn, rowCount: number): void {
  switch (column.type) {
    case "INTEGER":
      addIntegers(sum, column, rowCount);
      break;
    case "FLOAT":
      addDoubles(sum, column, rowCount);
      break;
    case "DATETIME":
    case "TIMESTAMP":
      addTimes(sum, column, rowCount);
      break;
    case "DATE":
      addDates(sum, column, rowCount);
      break;
    case "BOOLEAN":
      addBooleans(sum, column, rowCount);
      break;
    case "STRING":
      addTexts(sum, column, rowCount);
      break;
    case "NUMERIC":
      addNumerics(sum, column, rowCount);
      break;
  }
}

function addIntegers({ hashes }: ColumnSum, { words, valid }: RawColumn, rowCount: number): void {
  for (let row = 0; row < rowCount; row += 1) {
    if (isValid(valid, row)) hashes.addInteger(words[row * 2] ?? 0, words[row * 2 + 1] ?? 0);
  }
}

function addDoubles({ hashes }: ColumnSum, { words, valid }: RawColumn, rowCount: number): void {
  for (let row = 0; row < rowCount; row += 1) {
    if (isValid(valid, row)) hashes.addDouble(words[row * 2] ?? 0, words[row * 2 + 1] ?? 0);
  }
}

function addTimes({ hashes }: ColumnSum, { words, valid }: RawColumn, rowCount: number): void {
  for (let row = 0; row < rowCount; row += 1) {
    if (!isValid(valid, row)) continue;
    const low = words[row * 2] ?? 0;
    const borrow = low >>> 0 < epochMicros.low >>> 0 ? 1 : 0;
    hashes.addInteger(
      (low - epochMicros.low) | 0,
      ((words[row * 2 + 1] ?? 0) - epochMicros.high - borrow) | 0,
    );
  }
}

function addDates({ hashes }: ColumnSum, { words, valid }: RawColumn, rowCount: number): void {
  for (let row = 0; row < rowCount; row += 1) {
    if (!isValid(valid, row)) continue;
    const days = ((words[row] ?? 0) - epochDays) | 0;
    hashes.addInteger(days, days < 0 ? -1 : 0);
  }
}

function addBooleans({ hashes }: ColumnSum, { bytes, valid }: RawColumn, rowCount: number): void {
  const step = bytes.length / rowCount;
  for (let row = 0; row < rowCount; row += 1) {
    if (isValid(valid, row)) hashes.addInteger(bytes[row * step] === 0 ? 0 : 1, 0);
  }
}

function addTexts({ hashes }: ColumnSum, column: RawColumn, rowCount: number): void {
  const { bytes, valid } = column;
  for (let row = 0; row < rowCount; row += 1) {
    if (!isValid(valid, row)) continue;
    const length = textLength(column, row);
    if (length <= inlineLength) hashes.addText(bytes, row * 16 + 4, row * 16 + 4 + length);
    else hashes.addText(textOf(column, row), 0, length);
  }
}

function addNumerics(sum: ColumnSum, { words, valid }: RawColumn, rowCount: number): void {
  for (let row = 0; row < rowCount; row += 1) {
    if (!isValid(valid, row)) continue;
    const word = (index: number) => BigInt((words[row * 4 + index] ?? 0) >>> 0) << BigInt(32 * index);
    sum.addNumeric(BigInt.asIntN(128, word(0) | word(1) | word(2) | word(3)));
  }
}
