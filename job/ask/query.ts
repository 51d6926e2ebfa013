import type { DuckDBConnection } from "@duckdb/node-api";

/** Receives the rows of a statement, as JSON values. */
export interface Sink {
  readonly begin: (columns: readonly string[]) => void;
  readonly rows: (rows: readonly (readonly unknown[])[]) => void | Promise<void>;
  /** @param isCut whether there are more rows than the limit */
  readonly end: (isCut: boolean) => void;
}

/**
 * Runs the statements of a text one after another, and reads at most `limit` rows of each: of a large table, little more is
 * read.
 *
 * @throws Error of the first statement that fails, with its number if there are several
 */
export async function runStatements(
  connection: DuckDBConnection,
  sql: string,
  limit: number,
  sink: Sink,
): Promise<void> {
  const statements = await connection.extractStatements(withoutCommand(sql));
  for (let index = 0; index < statements.count; index++) {
    try {
      const result = await (await statements.prepare(index)).stream();
      sink.begin(result.deduplicatedColumnNames());
      const integers = result.columnTypes().map((type) => /INT$/.test(type.toString()));
      let count = 0;
      for await (const chunk of result.yieldRowsJson()) {
        if (count < limit) await sink.rows(chunk.slice(0, limit - count).map(withNumbers(integers)));
        count += chunk.length;
        if (count > limit) break;
      }
      sink.end(count > limit);
    } catch (error) {
      if (statements.count === 1 || !(error instanceof Error)) throw error;
      throw new Error(`statement ${index + 1} of ${statements.count}: ${error.message}`, { cause: error });
    }
  }
}

/** Integers as numbers, unless JSON cannot represent them: DuckDB's bindings return those of 64 bits as text. */
function withNumbers(integers: readonly boolean[]) {
  return (row: readonly unknown[]) =>
    row.map((value, index) =>
      integers[index] === true && typeof value === "string" && Number.isSafeInteger(Number(value))
        ? Number(value)
        : value,
    );
}

/** `.tables` and `.schema <table>` as SQL. */
function withoutCommand(sql: string): string {
  const [, command, name = ""] = /^\s*\.(\w+)\s*(\S*)\s*;?\s*$/.exec(sql) ?? [];
  const [schema, table] = name.includes(".") ? name.split(".") : ["raw", name];
  switch (command) {
    case undefined:
      return sql;
    case "tables":
      return `SELECT schema_name || '.' || table_name AS "table", estimated_size AS "rows", column_count AS columns, comment AS description
              FROM duckdb_tables() WHERE NOT internal AND schema_name <> 'tributary'
              UNION ALL
              SELECT schema_name || '.' || view_name, NULL, column_count, comment FROM duckdb_views() WHERE NOT internal
              ORDER BY 1`;
    case "schema":
      return `SELECT column_name AS "column", data_type AS type, is_nullable AS nullable, comment AS description
              FROM duckdb_columns()
              WHERE schema_name = '${escaped(schema)}' AND table_name = '${escaped(table)}' ORDER BY column_index`;
    default:
      throw new Error(`.${command} is not a command; commands: .tables, .schema <table>, .help, .quit`);
  }
}

function escaped(name = ""): string {
  return name.replaceAll("'", "''");
}
