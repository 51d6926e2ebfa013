import { messageOf } from "../../errors/thrown";
import { checkPages } from "../source/parquet-pages";
import { asFailure, Failure } from "../failure";
import type { Engine } from "./engine";
import { queryNumber, queryRows } from "./rows";
import { quoteLiteral } from "./sql";

/** The SQL that reads a Parquet file and nothing of the path it is at. */
export function readParquet(file: string): string {
  return `read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`;
}

/**
 * The rows that a Parquet file says it holds.
 *
 * @param name the file's, for messages
 * @throws Failure integrity when the engine cannot read what the file says of itself
 */
export function parquetRows(engine: Engine, file: string, name: string): Promise<number> {
  return readable(name, () =>
    queryNumber(engine.connection, `SELECT num_rows FROM parquet_file_metadata(${quoteLiteral(file)})`),
  );
}

/**
 * Checks what a Parquet file says of itself, and its pages' checksums where it has some.
 *
 * @returns the rows it says it holds
 * @throws Failure integrity when it is damaged
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

/** Names and types of a Parquet file's columns. @throws as `parquetRows` does */
export async function parquetColumns(
  engine: Engine,
  file: string,
  name: string,
): Promise<readonly { readonly header: string; readonly type: string }[]> {
  const rows = await readable(name, () =>
    queryRows(engine.connection, `DESCRIBE SELECT * FROM ${readParquet(file)}`),
  );
  // The engine calls decimals of more than 38 digits DOUBLE, and makes other numbers of them.
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

/** Runs what reads a Parquet file; what the engine cannot read is damaged, unless the machine is at fault. */
export async function readable<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const failure = asFailure(error, name);
    const message = messageOf(error);
    if (failure.kind !== "permanent" || /out of memory|interrupt|permission/i.test(message)) throw failure;
    const [said = ""] = message.split("\n");
    throw new Failure(
      "integrity",
      `${name} is damaged: its Parquet content cannot be read (${said.slice(0, 200)}); fetch it again`,
      { cause: error },
    );
  }
}
