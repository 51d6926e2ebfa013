import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { allowedBadRows, specDigest, specVersion } from "../../dataset";
import { fits, fromCsv, fromParquet } from "../engine/expressions";
import { matchHeader } from "../schema/header";
import { parquetColumns, parquetRows, readable, readParquet } from "../engine/parquet-file";
import { parquetRejects } from "../engine/parquet-rejects";
import { readCsv } from "../engine/read-csv";
import { quoteLiteral } from "../engine/sql";
import { Failure } from "../failure";
import { sha256Of } from "../files";
import { loadKey, type Reject, type RejectedRule, type SourceRecord } from "../records";
import { bytesText, countText } from "../text";
import type { CsvContent, Extracted, ParquetContent } from "../source/extracted";
import { fileName } from "../source/location";
import type { PeriodContext } from "./context";
import type { StepResult } from "./timing";

/** A complete file that is not in the lake yet. */
export interface DraftFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

export interface Drafts {
  readonly parquet: DraftFile;
  /** The rejected rows; null when there are none. */
  readonly rejects: DraftFile | null;
  /** The number of rejected rows by reason. */
  readonly rules: readonly RejectedRule[];
}

/**
 * Converts the source to the period's Parquet file in one pass, with the columns and types of the specification;
 * nothing is inferred. Rejects are stored with line and reason.
 *
 * @throws Failure drift when the header does not match the specification, or it rejects more rows than it allows;
 *   integrity when source rows are neither in the Parquet file nor among the rejects
 */
export async function parquetize(
  context: PeriodContext,
  source: Extracted<CsvContent | ParquetContent>,
): Promise<StepResult<Drafts>> {
  const result = await drafts(context, source);
  const rejected = result.rejects === null ? "" : `, ${countText(result.rejects.rows, "row")} rejected`;
  const { bytes, rows } = result.parquet;
  return { result, changed: true, detail: `${bytesText(bytes)}, ${countText(rows, "row")}${rejected}` };
}

async function drafts(
  context: PeriodContext,
  source: Extracted<CsvContent | ParquetContent>,
): Promise<Drafts> {
  const { content } = source;
  const name = fileName(context.location);
  const file = join(context.scratch, "draft.parquet");
  const { rejects, rules } =
    content.kind === "csv"
      ? await convertCsv(context, source, content, file)
      : await convertParquet(context, source, content, file);
  const rows = await parquetRows(context.engine, file, name);
  const rejected = rejects?.rows ?? 0;
  if (rows + rejected !== source.record.rows) {
    throw new Failure(
      "integrity",
      `${name}: of ${source.record.rows} rows read, ${rows} are in the Parquet file and ${rejected} were rejected: ` +
        "the counts do not match; this is a bug: report it and attach the file",
    );
  }
  return {
    parquet: await draft(file, rows),
    rejects: rejects && (await draft(rejects.file, rejects.rows)),
    rules,
  };
}

/** The rejected rows, and their number by reason. */
interface Rejected {
  readonly rejects: { readonly file: string; readonly rows: number } | null;
  readonly rules: readonly RejectedRule[];
}

async function convertCsv(
  context: PeriodContext,
  source: Extracted,
  content: CsvContent,
  file: string,
): Promise<Rejected> {
  const { spec, period } = context;
  const { rejects, rows, fields } = content;
  checkLimit(context, source, rejects.rows, rejects.first);
  await writeParquet(
    context,
    source,
    `SELECT ${fromCsv(fields, spec, period)} FROM ${readCsv(content, spec)}`,
    file,
    rows,
  );
  return rejects.rows === 0 ? { rejects: null, rules: [] } : { rejects, rules: rejects.rules };
}

async function convertParquet(
  context: PeriodContext,
  source: Extracted,
  content: ParquetContent,
  file: string,
): Promise<Rejected> {
  const { spec, engine, period } = context;
  const name = fileName(context.location);
  const columns = await parquetColumns(engine, content.file, name);
  const headers = columns.map(({ header }) => header);
  const fields = matchHeader(headers, spec, name).map((field, index) => ({
    ...field,
    type: columns[index]?.type ?? "",
  }));
  const conversion = fromParquet(fields, spec, period);
  const from = readParquet(content.file);
  await readable(name, () =>
    writeParquet(
      context,
      source,
      `SELECT ${conversion.select} FROM ${from} WHERE ${fits(conversion.faults)}`,
      file,
      source.record.rows,
    ),
  );
  const missing = source.record.rows - (await parquetRows(engine, file, name));
  if (missing === 0) return { rejects: null, rules: [] };
  const limit = allowedBadRows(spec.badRows, source.record.rows);
  const found = await parquetRejects(engine, from, headers, conversion.faults, limit);
  checkLimit(context, source, missing, found.rejects[0]);
  const target = join(context.scratch, "rejects.jsonl");
  await writeFile(target, found.rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(""));
  return { rejects: { file: target, rows: found.rejects.length }, rules: found.rules };
}

/** @param total maximum number of rows that the query returns, for the progress report */
async function writeParquet(
  context: PeriodContext,
  source: Extracted,
  query: string,
  file: string,
  total: number,
): Promise<void> {
  const { engine, reporter, spec, period } = context;
  const pairs = Object.entries(fileMetadata(context, source.record)).map(
    ([key, value]) => `${quoteLiteral(key)}: ${quoteLiteral(value)}`,
  );
  const step = { dataset: spec.id, period: period.label, step: "parquetize" } as const;
  const watch = setInterval(() => {
    const { percentage } = engine.connection.progress;
    if (percentage > 0)
      reporter.progress(step, { done: Math.round((total * percentage) / 100), total, unit: "rows" });
  }, 200);
  try {
    await engine.connection.run(
      `COPY (${query}) TO ${quoteLiteral(file)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {${pairs.join(", ")}})`,
    );
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    clearInterval(watch);
  }
}

/** The key-value metadata of a period's Parquet file. */
export function fileMetadata(
  { spec, period }: Pick<PeriodContext, "spec" | "period">,
  source: SourceRecord,
): Readonly<Record<string, string>> {
  return {
    "tributary.dataset": spec.id,
    "tributary.period": period.label,
    "tributary.source": source.url,
    "tributary.source_sha256": source.sha256,
    "tributary.run": loadKey(spec.id, period, source.sha256, specDigest(spec)),
    "tributary.spec_version": String(specVersion),
    // `ingest repair` writes a lost manifest again from these values.
    "tributary.source_bytes": String(source.bytes),
    "tributary.source_rows": String(source.rows),
  };
}

export async function draft(file: string, rows: number): Promise<DraftFile> {
  const { size } = await stat(file);
  return { file, bytes: size, sha256: await sha256Of(file), rows };
}

/** @throws Failure drift when the specification rejects more rows than it allows */
export function checkLimit(
  { spec: { badRows }, location }: PeriodContext,
  { record }: Extracted,
  count: number,
  first: Reject | undefined,
): void {
  const limit = allowedBadRows(badRows, record.rows);
  if (count <= limit) return;
  const rows = count === 1 ? "1 row does" : `${count.toLocaleString("en-US")} rows do`;
  const share = badRows.action === "reject" && typeof badRows.limit === "string" ? ` (${badRows.limit})` : "";
  const allowed = `badRows allows ${limit === 0 ? "none" : limit.toLocaleString("en-US")}${share}`;
  const where = first === undefined ? "" : ` line ${first.line}: ${columnOf(first)}${first.reason}`;
  throw new Failure(
    "drift",
    `${fileName(location)}${where}; ${rows} not match the specification, but ${allowed}`,
  );
}

function columnOf({ column }: Reject): string {
  return column === null ? "the line " : `column ${column}: `;
}
