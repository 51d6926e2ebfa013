import { messageOf } from "../../errors/thrown";
import { checkPages } from "../source/parquet-pages";
import { asFailure, Failure } from "../failure";
import type { Engine } from "./engine";
import { queryNumber, queryRows } from "./rows";
import { quoteLiteral } from "./sql";

/** The SQL that reads a Parquet file, without columns from its path. */
export function readParquet(file: string): string {
  return `read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`;
}

/**
 * The number of rows according to a Parquet file's metadata.
 *
 * @param name name of the file, for messages
 * @throws Failure integrity when the metadata cannot be read
 */
export function parquetRows(engine: Engine, file: string, name: string): Promise<number> {
  return readable(name, () =>
    queryNumber(engine.connection, `SELECT num_rows FROM parquet_file_metadata(${quoteLiteral(file)})`),
  );
}

/**
 * Checks a Parquet file's metadata, and the checksums of its pages if it has any.
 *
 * @returns the number of rows
 * @throws Failure integrity when the file is damaged
 */
export async function checkedParquet(engine: Engine, file: string, name: string): Promise<number> {
  const rows = await parquetRows(engine, file, name);
  const chunks = await readable(name, () =>
    queryRows(
      engine.connection,
      `SELECT path_in_schema, total_compressed_size AS size,
         CASE WHEN dictionary_page_offset BETWEEN 4 AND data_page_offset THEN dictionary_page_offset ELSE data_page_offset END AS start
       FROM parquet_metadata(${quoteLiteral(file)}) WHERE num_values > 0`,
    ),
  );
  await checkPages(
    file,
    name,
    chunks.map((row) => ({
      column: String(row["path_in_schema"]),
      start: Number(row["start"]),
      size: Number(row["size"]),
    })),
  );
  return rows;
}

/** Names and types of a Parquet file's columns. @throws Failure as `parquetRows` does */
export async function parquetColumns(
  engine: Engine,
  file: string,
  name: string,
): Promise<readonly { readonly header: string; readonly type: string }[]> {
  const rows = await readable(name, () =>
    queryRows(engine.connection, `DESCRIBE SELECT * FROM ${readParquet(file)}`),
  );
  // DuckDB reads decimals of more than 38 digits as DOUBLE, which changes their values.
  const large = await readable(name, () =>
    queryRows(
      engine.connection,
      `SELECT name, precision, scale FROM parquet_schema(${quoteLiteral(file)}) WHERE precision > 38`,
    ),
  );
  const sizes = new Map(
    large.map((row) => [String(row["name"]), `DECIMAL(${String(row["precision"])},${String(row["scale"])})`]),
  );
  return rows.map((row) => {
    const header = String(row["column_name"]);
    return { header, type: sizes.get(header) ?? String(row["column_type"]) };
  });
}

/** Runs a query over a Parquet file. A file that DuckDB cannot read is damaged, unless the machine causes the error. */
export async function readable<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const failure = asFailure(error, name);
    const message = messageOf(error);
    if (failure.kind !== "permanent" || /out of memory|interrupt|permission/i.test(message)) throw failure;
    const [firstLine = ""] = message.split("\n");
    throw new Failure(
      "integrity",
      `${name} is damaged: the Parquet file cannot be read (${firstLine.slice(0, 200)}); run again, or check the file at its source`,
      { cause: error },
    );
  }
}
