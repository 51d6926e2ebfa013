import type { DuckDBConnection } from "@duckdb/node-api";
import { type DatasetSpec, tableColumns } from "../../../dataset";
import { encodeRows } from "../../../job/database/copy-encoder";
import { rawChunks } from "../../../job/engine/raw-columns";

/** The rows of a query in the format of COPY. */
export async function copyOf(connection: DuckDBConnection, query: string, spec: DatasetSpec) {
  const types = tableColumns(spec).map(({ type }) => type);
  const next = await rawChunks(connection, query, types);
  return async () => {
    const chunk = await next();
    return chunk && encodeRows(chunk.columns, chunk.rowCount);
  };
}
