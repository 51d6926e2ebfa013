import type { DuckDBConnection } from "@duckdb/node-api";
import { type DatasetSpec, tableColumns } from "../../dataset";
import { rawChunks } from "../engine/raw-columns";
import { parquetRows } from "../engine/sql";
import type { CopySource } from "./copy";
import { encodeRows } from "./copy-encoder";

/**
 * The rows of a period's Parquet file in the format of COPY, chunk by chunk.
 *
 * @param onRows called with the number of rows of each chunk
 */
export async function copySource(
  connection: DuckDBConnection,
  spec: DatasetSpec,
  parquet: string,
  onRows: (count: number) => void,
): Promise<CopySource> {
  const types = tableColumns(spec).map(({ type }) => type);
  const next = await rawChunks(connection, parquetRows(spec, parquet), types);
  return async () => {
    const chunk = await next();
    if (chunk === undefined) return undefined;
    onRows(chunk.rowCount);
    return encodeRows(chunk.columns, chunk.rowCount);
  };
}
