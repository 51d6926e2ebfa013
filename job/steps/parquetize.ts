import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { allowedBadRows, specDigest, specVersion } from "../../dataset";
import { Failure } from "../failure";
import { sha256Of } from "../files";
import { loadKey, type Reject } from "../records";
import type { CsvContent, Extracted, ParquetContent } from "../source/extracted";
import { bytesText, countText } from "../report/text";
import { fileName } from "../source/location";
import { csvReaderType, fits, fromCsv, fromParquet, type Conversion } from "../engine/expressions";
import { readerRejects, valueRejects } from "../engine/csv-rejects";
import { headerNames, matchHeader, type Field } from "../engine/header";
import { queryNumber, queryRows } from "../engine/rows";
import { quoteIdentifier, quoteLiteral } from "../engine/sql";
import type { PeriodContext } from "./context";
import type { StepResult } from "./timing";

/** A file that is finished but not yet in the lake. */
export interface DraftFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

export interface Drafts {
  readonly parquet: DraftFile;
  /** The rows that did not fit; null when all did. */
  readonly rejects: DraftFile | null;
}

const rejectTables = { errors: "reject_errors", scans: "reject_scans" };

/**
 * Makes the period's Parquet file in one pass over the source, with the columns and types of the specification
 * and nothing inferred. Rows that do not fit are put aside with their line and reason.
 *
 * @throws Failure drift when the header does not fit, or more rows than the specification allows;
 *   integrity when source rows are neither in the Parquet file nor among the rejects
 */
export async function parquetize(context: PeriodContext, source: Extracted): Promise<StepResult<Drafts>> {
  const result = await drafts(context, source);
  const rejected = result.rejects === null ? "" : `, ${countText(result.rejects.rows, "row")} rejected`;
  const { bytes, rows } = result.parquet;
  return { result, changed: true, detail: `${bytesText(bytes)}, ${countText(rows, "row")}${rejected}` };
}

async function drafts(context: PeriodContext, source: Extracted): Promise<Drafts> {
  const reading = await readingOf(context, source);
  const file = join(context.scratch, "draft.parquet");
  await writeParquet(context, source, reading, file);
  const { connection } = context.engine;
  const rows = await queryNumber(
    connection,
    `SELECT num_rows FROM parquet_file_metadata(${quoteLiteral(file)})`,
  );
  const missing = source.record.rows - rows;
  if (missing === 0) return { parquet: await draft(file, rows), rejects: null };
  const limit = allowedBadRows(context.spec.badRows, source.record.rows);
  const rejects = await reading.rejects(missing, limit);
  const name = fileName(context.location);
  // With more than the limit allows, not all of them are looked for.
  if (missing > limit && rejects.length > limit) throw tooMany(name, missing, limit, rejects[0]);
  if (rejects.length !== missing) {
    throw new Failure(
      "integrity",
      `${name}: ${source.record.rows} rows were read, ${rows} are in the Parquet file and ${rejects.length} were ` +
        "rejected: the numbers do not add up; please report this file",
    );
  }
  return { parquet: await draft(file, rows), rejects: await writeRejects(context, rejects) };
}

/** How the rows of one source file are read, and how those that do not fit are found afterwards. */
interface Reading {
  readonly conversion: Conversion;
  readonly from: string;
  rejects(expected: number, limit: number): Promise<readonly Reject[]>;
}

function readingOf(context: PeriodContext, source: Extracted): Promise<Reading> {
  switch (source.content.kind) {
    case "csv":
      return csvReading(context, source.content, source.record.rows);
    case "parquet":
      return parquetReading(context, source.content);
  }
}

async function csvReading(context: PeriodContext, content: CsvContent, rows: number): Promise<Reading> {
  const { spec, engine, period } = context;
  const name = fileName(context.location);
  const fields = matchHeader(headerNames(content.header, spec.source, name), spec, name);
  const conversion = fromCsv(fields, spec, period);
  const limit = allowedBadRows(spec.badRows, rows);
  for (const table of Object.values(rejectTables))
    await engine.connection.run(`DROP TABLE IF EXISTS ${table}`);
  return {
    conversion,
    from: readCsv(content, fields, context, (limit + 1) * fields.length),
    rejects: async (expected) => {
      const early = await readerRejects(engine.connection, rejectTables.errors, content, fields);
      if (early.length >= expected || early.length > limit) return early;
      const late = await valueRejects(content, fields, spec, new Set(early.map(({ line }) => line)), limit);
      return [...early, ...late].sort((a, b) => a.line - b.line);
    },
  };
}

function readCsv(
  { file, compression }: CsvContent,
  fields: readonly Field[],
  { spec }: PeriodContext,
  rejectsLimit: number,
): string {
  const columns = fields.map(
    ({ column }) => `${quoteLiteral(column.name)}: ${quoteLiteral(csvReaderType(column))}`,
  );
  const options = {
    auto_detect: "false",
    header: "false",
    skip: "1",
    delim: quoteLiteral(spec.source.delimiter),
    quote: quoteLiteral(spec.source.quote),
    escape: quoteLiteral(spec.source.quote),
    nullstr: `[${spec.source.nullValues.map(quoteLiteral).join(", ")}]`,
    compression: quoteLiteral(compression),
    columns: `{${columns.join(", ")}}`,
    strict_mode: "true",
    store_rejects: "true",
    rejects_table: quoteLiteral(rejectTables.errors),
    rejects_scan: quoteLiteral(rejectTables.scans),
    rejects_limit: String(rejectsLimit),
    // The default of 32 MB a buffer costs 80 MB of memory and saves no time.
    buffer_size: "8000000",
    max_line_size: "2000000",
  };
  return `read_csv(${[quoteLiteral(file), ...Object.entries(options).map(([key, value]) => `${key} = ${value}`)].join(", ")})`;
}

async function parquetReading(context: PeriodContext, content: ParquetContent): Promise<Reading> {
  const { spec, engine, period } = context;
  const name = fileName(context.location);
  const from = `read_parquet(${quoteLiteral(content.file)}, file_row_number = true)`;
  const described = await queryRows(
    engine.connection,
    `DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${from}`,
  );
  const fields = matchHeader(
    described.map((row) => String(row["column_name"])),
    spec,
    name,
  );
  const conversion = fromParquet(fields, spec, period);
  const columns = fields.map(({ header }) => quoteIdentifier(header)).join(", ");
  return {
    conversion,
    from,
    rejects: async (_expected, limit) => {
      const cases = (pick: "column" | "reason") =>
        conversion.faults
          .map((fault) => `WHEN ${fault.condition} THEN ${quoteLiteral(fault[pick])}`)
          .join(" ");
      const rows = await queryRows(
        engine.connection,
        `SELECT file_row_number + 1 AS line, CASE ${cases("column")} END AS "column", CASE ${cases("reason")} END AS reason,
           CAST(to_json(struct_pack(${fields.map(({ header }) => `${quoteIdentifier(header)} := ${quoteIdentifier(header)}`).join(", ")})) AS VARCHAR) AS raw
         FROM (SELECT file_row_number, ${columns} FROM ${from})
         WHERE NOT (${fits(conversion.faults)}) ORDER BY line LIMIT ${limit + 1}`,
      );
      return rows.map((row) => ({
        line: Number(row["line"]),
        column: String(row["column"]),
        reason: String(row["reason"]),
        raw: String(row["raw"]),
      }));
    },
  };
}

async function writeParquet(
  context: PeriodContext,
  source: Extracted,
  reading: Reading,
  file: string,
): Promise<void> {
  const { engine, reporter, spec, period } = context;
  const metadata = {
    "tributary.dataset": spec.id,
    "tributary.period": period.label,
    "tributary.source": source.record.url,
    "tributary.source_sha256": source.record.sha256,
    "tributary.run": loadKey(spec.id, period, source.record.sha256, specDigest(spec)),
    "tributary.spec_version": String(specVersion),
  };
  const pairs = Object.entries(metadata).map(
    ([key, value]) => `${quoteLiteral(key)}: ${quoteLiteral(value)}`,
  );
  const step = { dataset: spec.id, period: period.label, step: "parquetize" } as const;
  const total = source.record.rows;
  const watch = setInterval(() => {
    const { percentage } = engine.connection.progress;
    if (percentage > 0)
      reporter.progress(step, { done: Math.round((total * percentage) / 100), total, unit: "rows" });
  }, 200);
  try {
    await engine.connection.run(
      `COPY (SELECT ${reading.conversion.select} FROM ${reading.from} WHERE ${fits(reading.conversion.faults)})
       TO ${quoteLiteral(file)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${pairs.join(", ")}})`,
    );
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    clearInterval(watch);
  }
}

async function writeRejects(context: PeriodContext, rejects: readonly Reject[]): Promise<DraftFile> {
  const file = join(context.scratch, "rejects.jsonl");
  await pipeline(
    Readable.from(rejects.map((reject) => `${JSON.stringify(reject)}\n`)),
    createWriteStream(file),
  );
  return draft(file, rejects.length);
}

async function draft(file: string, rows: number): Promise<DraftFile> {
  const { size } = await stat(file);
  return { file, bytes: size, sha256: await sha256Of(file), rows };
}

function tooMany(name: string, count: number, limit: number, first: Reject | undefined): Failure {
  const rows = count === 1 ? "1 row does" : `${count} rows do`;
  const allowed = limit === 0 ? "the specification allows none" : `the specification allows ${limit}`;
  const where = first === undefined ? "" : ` line ${first.line}: ${columnOf(first)}${first.reason}`;
  return new Failure("drift", `${name}${where}; ${rows} not fit the columns' types, ${allowed} (badRows)`);
}

function columnOf({ column }: Reject): string {
  return column === null ? "the line " : `column ${column}: `;
}
