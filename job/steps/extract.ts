import { join } from "node:path";
import { Failure } from "../failure";
import { queryNumber } from "../engine/rows";
import { quoteLiteral } from "../engine/sql";
import type { SourceRecord } from "../records";
import { bytesText, countText } from "../report/text";
import type { LineEnds } from "../source/count-records";
import type { CsvDialect } from "../source/csv-state";
import type { CsvContent, Extracted } from "../source/extracted";
import { evenLineEnds } from "../source/even-line-ends";
import { fetchSource, type Fetched, type SourceVersion } from "../source/fetch-source";
import { inspect } from "../source/inspect";
import { extensionOf, fileName, shownAddress } from "../source/location";
import type { PeriodContext } from "./context";
import type { StepResult } from "./timing";

/**
 * Brings the period's source file here, checks that it is whole, and counts its rows.
 *
 * @param known the source that all destinations already hold; undefined to fetch whatever is there
 * @returns "unchanged" when the source is still that one
 * @throws Failure permanent when there is no such file, retryable when it cannot be reached, integrity when it is damaged
 */
export async function extract(
  context: PeriodContext,
  known: SourceRecord | undefined,
): Promise<StepResult<Extracted | "unchanged">> {
  const result = await extracted(context, known);
  if (result === "unchanged") return { result, changed: false, detail: "the source has not changed" };
  const { bytes, rows } = result.record;
  return { result, changed: true, detail: `${bytesText(bytes)}, ${countText(rows, "row")}` };
}

async function extracted(
  context: PeriodContext,
  known: SourceRecord | undefined,
): Promise<Extracted | "unchanged"> {
  const file = scratchFile(context);
  const fetched = await fetchTo(file, context, known);
  if (fetched === "unchanged") return "unchanged";
  try {
    return await read(context, known, file, fetched.version);
  } catch (error) {
    if (!fetched.pieced || !(error instanceof Failure) || error.kind !== "integrity") throw error;
    // The fault may be where the pieces meet: from one piece it can be told.
    context.reporter.warning(
      `${error.message}; it was put together from several answers: downloading it again`,
    );
    const again = await fetchTo(file, context, known);
    return again === "unchanged" ? again : await read(context, known, file, again.version);
  }
}

/** Checks and counts what has been fetched. */
async function read(
  context: PeriodContext,
  known: SourceRecord | undefined,
  file: string,
  version: SourceVersion,
): Promise<Extracted | "unchanged"> {
  const dialect = csvDialect(context);
  const { bytes, sha256, csv } = await inspect(file, fileName(context.location), context.format, dialect);
  if (sha256 === known?.sha256) return "unchanged";
  const record = { url: shownAddress(context.location), bytes, sha256, ...version };
  if (csv === undefined) {
    const count = `SELECT num_rows FROM parquet_file_metadata(${quoteLiteral(file)})`;
    const rows = await queryNumber(context.engine.connection, count);
    return { record: { ...record, rows }, content: { kind: "parquet", file } };
  }
  return {
    record: { ...record, rows: csv.rows },
    content: await csvContent(context, file, csv.header, csv.lineEnds),
  };
}

async function csvContent(
  context: PeriodContext,
  file: string,
  header: string,
  ends: LineEnds,
): Promise<CsvContent> {
  const { compression = "none" } = context.format;
  if (ends !== "mixed") return { kind: "csv", file, compression, header };
  const even = join(context.scratch, "even.csv");
  await evenLineEnds(file, context.format, csvDialect(context), even);
  return { kind: "csv", file: even, compression: "none", header };
}

function csvDialect({ spec: { source } }: PeriodContext): CsvDialect {
  return { delimiter: source.delimiter.charCodeAt(0), quote: source.quote.charCodeAt(0) };
}

/** Where the period's source file is while it is worked on. */
export function scratchFile({ scratch, format }: Pick<PeriodContext, "scratch" | "format">): string {
  return join(scratch, `source${extensionOf(format)}`);
}

/** @param held the source that all destinations already hold */
function fetchTo(
  file: string,
  { location, format, cloud, reporter, spec, period }: PeriodContext,
  held: SourceRecord | undefined,
): Promise<Fetched | "unchanged"> {
  const step = { dataset: spec.id, period: period.label, step: "extract" } as const;
  const onProgress = (done: number, total: number | undefined) => {
    reporter.progress(step, { done, total, unit: "bytes" });
  };
  return fetchSource({ location, format, cloud, file, held, onProgress });
}
