/** Converts the beginning of a source as a run would, and writes nothing but temporary files. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetSpec, type Period, tableColumns } from "../../dataset";
import { type Engine, openEngine } from "../engine/engine";
import { fits, fromCsv, fromParquet } from "../engine/expressions";
import { parquetColumns, parquetRows, readParquet } from "../engine/parquet-file";
import { parquetRejects } from "../engine/parquet-rejects";
import { readCsv } from "../engine/read-csv";
import { queryRows } from "../engine/rows";
import { quoteIdentifier } from "../engine/sql";
import { matchHeader } from "../schema/header";
import { CsvSplit } from "../source/csv-split";
import { JsonSplit } from "../source/json-split";
import type { Reject, RejectedRule } from "../records";

/** What arrives in the tables from the beginning of a source. */
export interface Arrival {
  /** Number of rows that were read, with rejects. */
  readonly rows: number;
  readonly rejected: number;
  readonly rules: readonly RejectedRule[];
  readonly firstReject: Reject | undefined;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly header: string | undefined;
  }[];
  /** The first rows, as text; null for NULL. In the order of `columns`. */
  readonly first: readonly (readonly (string | null)[])[];
}

/** Number of rows that are shown. */
const shownRows = 5;
/** More rejects than a sample has rows. */
const noLimit = 1_000_000;

/** Runs `work` with a temporary engine and folder. */
export async function withTemporary<Result>(
  work: (engine: Engine, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-"));
  try {
    const engine = await openEngine(join(folder, "sample.duckdb"), () => undefined);
    try {
      return await work(engine, folder);
    } finally {
      engine.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param text complete lines in UTF-8, without what the specification skips
 * @param name name of the file, for messages
 * @throws Failure drift when the header does not match the specification
 */
export async function textArrival(
  engine: Engine,
  folder: string,
  spec: DatasetSpec,
  period: Period,
  text: Buffer,
  name: string,
): Promise<Arrival> {
  const Split = spec.source.format === "jsonl" ? JsonSplit : CsvSplit;
  const split = new Split(folder, name, spec, noLimit);
  try {
    split.push(text);
    const { rows, content } = split.finish();
    const query = `SELECT ${fromCsv(content.fields, spec, period)} FROM ${readCsv(content, spec)}`;
    const { rejects, fields } = content;
    return {
      rows,
      rejected: rejects.rows,
      rules: rejects.rules,
      firstReject: rejects.first,
      ...(await shown(
        engine,
        spec,
        query,
        new Map(fields.map(({ column, header }) => [column.name, header])),
      )),
    };
  } finally {
    split.close();
  }
}

/** @throws Failure drift when the columns do not match the specification; integrity when the file is damaged */
export async function parquetArrival(
  engine: Engine,
  spec: DatasetSpec,
  period: Period,
  file: string,
  name: string,
  most: number,
): Promise<Arrival> {
  const columns = await parquetColumns(engine, file, name);
  const headers = columns.map(({ header }) => header);
  const fields = matchHeader(headers, spec, name).map((field, index) => ({
    ...field,
    type: columns[index]?.type ?? "",
  }));
  const { select, faults } = fromParquet(fields, spec, period);
  const from = `(SELECT * FROM ${readParquet(file)} LIMIT ${most})`;
  const rows = Math.min(await parquetRows(engine, file, name), most);
  const found =
    faults.length === 0
      ? { rejects: [], rules: [] }
      : await parquetRejects(engine, from, headers, faults, noLimit);
  return {
    rows,
    rejected: found.rules.reduce((sum, rule) => sum + rule.rows, 0),
    rules: found.rules,
    firstReject: found.rejects[0],
    ...(await shown(
      engine,
      spec,
      `SELECT ${select} FROM ${from} WHERE ${fits(faults)}`,
      new Map(fields.map(({ column, header }) => [column.name, header])),
    )),
  };
}

async function shown(engine: Engine, spec: DatasetSpec, query: string, headers: ReadonlyMap<string, string>) {
  const all = tableColumns(spec);
  const texts = all.map(
    ({ name }) => `CAST(${quoteIdentifier(name)} AS VARCHAR) AS ${quoteIdentifier(name)}`,
  );
  const rows = await queryRows(
    engine.connection,
    `SELECT ${texts.join(", ")} FROM (${query}) LIMIT ${shownRows}`,
  );
  return {
    columns: all.map(({ name, type }) => ({ name, type, header: headers.get(name) })),
    first: rows.map((row) => all.map(({ name }) => textOf(row[name]))),
  };
}

/** A value that was cast to text. */
function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
