import { rm } from "node:fs/promises";
import { join } from "node:path";
import { mostBadRows } from "../../dataset";
import { Failure } from "../failure";
import { checkedParquet } from "../engine/parquet-file";
import type { SourceRecord } from "../records";
import { bytesText, countText } from "../text";
import { CsvSplit } from "../source/csv-split";
import { JsonSplit } from "../source/json-split";
import type { Extracted } from "../source/extracted";
import { fetchSource, type Fetched, type SourceVersion } from "../source/fetch-source";
import { inspect } from "../source/inspect";
import { textSteps } from "../source/text-steps";
import { extensionOf, fileName, shownAddress } from "../source/location";
import type { PeriodContext } from "./context";
import { refuseTooLarge } from "./task-memory";
import type { StepResult } from "./timing";

/**
 * Downloads the period's source file, checks that it is complete, and counts its rows.
 *
 * @param known the source that all destinations already contain; undefined to download the file in any case
 * @returns "unchanged" when the source is the known one
 * @throws Failure permanent when the file does not exist, retryable when the source cannot be reached, integrity when
 *   the file is damaged
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
    if (!fetched.pieced || !(error instanceof Failure) || !["integrity", "drift"].includes(error.kind))
      throw error;
    // The responses may be parts of different versions of the file: a download in one response rules that out.
    context.reporter.warning(
      `${error.message}; the file was downloaded in several responses: downloading it again`,
    );
    const again = await fetchTo(file, context, known);
    return again === "unchanged" ? again : await read(context, known, file, again.version);
  }
}

/** Checks the downloaded file and counts its rows. */
async function read(
  context: PeriodContext,
  known: SourceRecord | undefined,
  file: string,
  version: SourceVersion,
): Promise<Extracted | "unchanged"> {
  const name = fileName(context.location);
  if (context.format.format === "parquet") {
    const { bytes, sha256 } = await inspect(file, name, context.format);
    if (sha256 === known?.sha256) return "unchanged";
    const rows = await checkedParquet(context.engine, file, name);
    const record = { url: shownAddress(context.location), bytes, sha256, ...version, rows };
    return { record, content: { kind: "parquet", file } };
  }
  const Split = context.format.format === "jsonl" ? JsonSplit : CsvSplit;
  const split = new Split(context.scratch, name, context.spec, mostBadRows(context.spec.badRows));
  try {
    const { bytes, sha256 } = await inspect(
      file,
      name,
      context.format,
      split,
      textSteps(context.spec.source, name),
    );
    if (sha256 === known?.sha256) return "unchanged";
    const { rows, content } = split.finish();
    const record = { url: shownAddress(context.location), bytes, sha256, ...version, rows };
    // The valid records are in another file now; in Cloud Run, files use memory.
    await rm(file, { force: true });
    return { record, content };
  } finally {
    split.close();
  }
}

/** Path of the period's source file while it is processed. */
export function scratchFile({ scratch, format }: Pick<PeriodContext, "scratch" | "format">): string {
  return join(scratch, `source${extensionOf(format)}`);
}

/** @param held the source that all destinations already contain */
function fetchTo(
  file: string,
  context: PeriodContext,
  held: SourceRecord | undefined,
): Promise<Fetched | "unchanged"> {
  const { location, format, cloud, reporter, spec, period } = context;
  const step = { dataset: spec.id, period: period.label, step: "extract" } as const;
  const onProgress = (done: number, total: number | undefined) => {
    refuseTooLarge(total, context);
    reporter.progress(step, { done, total, unit: "bytes" });
  };
  return fetchSource({ location, format, cloud, file, held, onProgress });
}
