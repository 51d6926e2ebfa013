import type { Engine } from "../engine/engine";
import { queryRows } from "../engine/rows";
import { quoteLiteral } from "../engine/sql";

/** Metadata of a Parquet file in the lake; undefined when an older version of this program did not write it. */
export interface ParquetMetadata {
  /** The key of the data; see `loadKey`. */
  readonly run: string | undefined;
  readonly dataset: string | undefined;
  readonly period: string | undefined;
  readonly source: string | undefined;
  readonly sourceSha256: string | undefined;
  readonly sourceBytes: number | undefined;
  readonly sourceRows: number | undefined;
  readonly rows: number;
}

/** @throws Error when DuckDB cannot read the file */
export async function metadataOf(engine: Engine, file: string): Promise<ParquetMetadata> {
  const pairs = await queryRows(
    engine.connection,
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${quoteLiteral(file)})`,
  );
  const [counted] = await queryRows(
    engine.connection,
    `SELECT num_rows FROM parquet_file_metadata(${quoteLiteral(file)})`,
  );
  const found = new Map(pairs.map((pair) => [String(pair["key"]), String(pair["value"])]));
  const number = (name: string) => {
    const text = found.get(name);
    return text === undefined ? undefined : Number(text);
  };
  return {
    run: found.get("tributary.run"),
    dataset: found.get("tributary.dataset"),
    period: found.get("tributary.period"),
    source: found.get("tributary.source"),
    sourceSha256: found.get("tributary.source_sha256"),
    sourceBytes: number("tributary.source_bytes"),
    sourceRows: number("tributary.source_rows"),
    rows: Number(counted?.["num_rows"]),
  };
}
