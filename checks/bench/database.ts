import { mkdtempSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Client } from "pg";
import { taxis } from "../../tour/catalog";
import { type DatasetSpec, Period, tableColumns } from "../../dataset";
import { startEmbeddedPostgres } from "../../embedded-postgres";
import { serverAt } from "../../job/database/connection";
import { copySource } from "../../job/database/copy-source";
import { PostgresDatabase } from "../../job/database/postgres";
import { quoteLiteral } from "../../job/engine/sql";
import { runProgram } from "../../programs/program";
import { spread, spreadText } from "./measure";
import type { Section } from "./section";

const rounds = 5;
/** How many times as fast as `psql \copy` the database step must be. */
const fasterThanPsql = 1.6;
const period = Period.parse("month", "2019-01");

/**
 * Loads one month into Postgres in two ways, alternately on the same server: `psql \copy` of a CSV file into an empty
 * table; and the database step from the lake's Parquet file, with staging, ANALYZE, and the swap of the partition.
 */
export async function benchDatabase(rowCount: number): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), "bench-database-"));
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres(join(folder, "postgres"));
  try {
    const spec = yellow();
    const files = await writeMonth(folder, spec, rowCount);
    const peer = await psql(server.url, spec, files.csv);
    const seconds = { psql: [] as number[], ours: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const [psqlTook, oursTook] = [
        await peer?.(),
        await ours(server.url, spec, files.parquet, rowCount, round),
      ];
      if (round === 0) continue;
      if (psqlTook !== undefined) seconds.psql.push(psqlTook);
      seconds.ours.push(oursTook);
    }
    const mine = spread(seconds.ours);
    const theirs = spread(seconds.psql);
    const times = peer === undefined ? Number.NaN : theirs.min / mine.min;
    return {
      title: "Into Postgres",
      rows: [
        ["", "seconds"],
        ["this project: staging, ANALYZE, swap", spreadText(mine, 2)],
        ...(peer === undefined ? [] : [["psql \\copy", spreadText(theirs, 2)]]),
      ],
      notes: [
        peer === undefined
          ? "skipped: psql is not on the PATH"
          : `${times >= fasterThanPsql ? "met   " : "missed"}  times as fast as psql \\copy: ${times.toFixed(2)}, at least ${fasterThanPsql}`,
      ],
      chart: {
        title: "Into Postgres",
        unit: "seconds",
        bars: [
          { name: "this project", value: mine.median, isOurs: true },
          ...(peer === undefined ? [] : [{ name: "psql \\copy", value: theirs.median, isOurs: false }]),
        ],
      },
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function yellow(): DatasetSpec {
  const spec = taxis.get("yellow_tripdata");
  if (spec === undefined) throw new Error("the catalog has no yellow_tripdata");
  return spec;
}

/** The same rows as CSV and as the lake's Parquet file. */
async function writeMonth(
  folder: string,
  spec: DatasetSpec,
  rowCount: number,
): Promise<{ csv: string; parquet: string }> {
  const files = { csv: join(folder, "month.csv"), parquet: join(folder, "month.parquet") };
  const columns = tableColumns(spec).map(({ name, type }, index) => {
    const mixed = `(hash(range, ${index}) % 10000)`;
    const value: Readonly<Record<string, string>> = {
      INTEGER: `${mixed}::BIGINT % 265`,
      FLOAT: `${mixed} / 100.0::DOUBLE`,
      DATETIME: `TIMESTAMP '2019-01-01' + to_seconds(${mixed}::BIGINT * 267)`,
      DATE: `DATE ${quoteLiteral(period.startDate)}`,
      STRING: `CASE WHEN ${mixed} < 100 THEN 'Y' ELSE 'N' END`,
    };
    return `${value[type] ?? "NULL"} AS "${name}"`;
  });
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const query = `SELECT ${columns.join(", ")} FROM range(${rowCount})`;
  await connection.run(
    `COPY (${query}) TO ${quoteLiteral(files.parquet)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  await connection.run(`COPY (${query}) TO ${quoteLiteral(files.csv)} (FORMAT csv, HEADER)`);
  connection.closeSync();
  instance.closeSync();
  return files;
}

/** Undefined if psql is not installed. */
async function psql(
  url: string,
  spec: DatasetSpec,
  csv: string,
): Promise<(() => Promise<number>) | undefined> {
  const found = await runProgram("psql", ["--version"]).catch(() => undefined);
  if (found?.exitCode !== 0) return undefined;
  const types: Readonly<Record<string, string>> = {
    INTEGER: "bigint",
    FLOAT: "double precision",
    DATETIME: "timestamp",
    DATE: "date",
    STRING: "text",
  };
  const columns = tableColumns(spec).map(
    ({ name, type }) => `"${name.toLowerCase()}" ${types[type] ?? type}`,
  );
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE TABLE peer (${columns.join(", ")})`);
  await client.end();
  return async () => {
    const truncate = await runProgram("psql", [url, "-c", "TRUNCATE peer"]);
    const { exitCode, stderr, seconds } = await runProgram("psql", [
      url,
      "-c",
      `\\copy peer from '${csv}' with (format csv, header)`,
    ]);
    if (truncate.exitCode !== 0 || exitCode !== 0)
      throw new Error(`psql failed: ${truncate.stderr}${stderr}`);
    return seconds;
  };
}

async function ours(
  url: string,
  spec: DatasetSpec,
  parquet: string,
  rowCount: number,
  round: number,
): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const database = await PostgresDatabase.connect(serverAt(url));
  try {
    const started = performance.now();
    const rows = await database.replace(
      spec,
      period,
      `round ${round}`,
      await copySource(connection, spec, parquet, () => undefined),
    );
    if (rows !== rowCount) throw new Error(`${rows} rows were loaded, expected ${rowCount}`);
    return (performance.now() - started) / 1000;
  } finally {
    await database.close();
    connection.closeSync();
    instance.closeSync();
  }
}
