import { copyFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { makeFolder, sha256Of } from "../files";
import { queryNumber } from "../engine/rows";
import { quoteLiteral } from "../engine/sql";
import type { SourceRecord } from "../records";
import { bytesText, countText } from "../report/text";
import { download, sidecar, type Validators } from "../source/download";
import type { LineEnds } from "../source/count-records";
import type { CsvDialect } from "../source/csv-state";
import type { CsvContent, Extracted } from "../source/extracted";
import { evenLineEnds } from "../source/even-line-ends";
import { fetchObject } from "../source/object";
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
  const dialect = csvDialect(context);
  const { bytes, sha256, csv } = await inspect(file, fileName(context.location), context.format, dialect);
  if (sha256 === known?.sha256) return "unchanged";
  const record = { url: shownAddress(context.location), bytes, sha256, ...fetched };
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

async function fetchTo(
  file: string,
  { location, format, cloud, reporter, spec, period }: PeriodContext,
  held: SourceRecord | undefined,
): Promise<Validators | "unchanged"> {
  const step = { dataset: spec.id, period: period.label, step: "extract" } as const;
  const onProgress = (done: number, total: number | undefined) => {
    reporter.progress(step, { done, total, unit: "bytes" });
  };
  const shown = shownAddress(location);
  // A server's tags mean nothing for another address.
  const known = held?.url === shown ? held : undefined;
  switch (location.kind) {
    case "http":
      return download({ url: location.url, shown, file, known, onProgress });
    case "gs":
      return fetchObject({ storage: await cloud.storage(), location, format, file, known, onProgress });
    case "file": {
      const { path } = location;
      const found = await stat(path).catch((error: unknown) => {
        throw codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
          ? new Failure("permanent", `there is no file ${path}`, { cause: error })
          : error;
      });
      if (!found.isFile())
        throw new Failure("permanent", `${path} is not a file; name one, with {period} in it`);
      if (held !== undefined && (await sha256Of(path)) === held.sha256) return "unchanged";
      // A copy, so that what is hashed, counted and converted is the same even if the original is written to.
      await makeFolder(dirname(file));
      // What a broken download left is overwritten here, and must not be taken for its beginning later.
      await rm(sidecar(file), { force: true });
      await copyFile(path, file);
      return {};
    }
  }
}
