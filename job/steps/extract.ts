import { copyFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { makeFolder, sha256Of } from "../files";
import { parquetRows } from "../engine/parquet-file";
import { rejectLimit } from "../engine/reject-limit";
import type { SourceRecord } from "../records";
import { bytesText, countText } from "../report/text";
import { download, sidecar, type Validators } from "../source/download";
import { CsvSplit } from "../source/csv-split";
import type { Extracted } from "../source/extracted";
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
  const name = fileName(context.location);
  if (context.format.format === "parquet") {
    const { bytes, sha256 } = await inspect(file, name, context.format);
    if (sha256 === known?.sha256) return "unchanged";
    const rows = await parquetRows(context.engine, file, name);
    const record = { url: shownAddress(context.location), bytes, sha256, ...fetched, rows };
    return { record, content: { kind: "parquet", file } };
  }
  const split = new CsvSplit(context.scratch, name, context.spec, rejectLimit(context.spec));
  try {
    const { bytes, sha256 } = await inspect(file, name, context.format, split);
    if (sha256 === known?.sha256) return "unchanged";
    const { rows, content } = split.finish();
    const record = { url: shownAddress(context.location), bytes, sha256, ...fetched, rows };
    // What fits is in a file of its own now; in the cloud, files are memory.
    await rm(file, { force: true });
    return { record, content };
  } finally {
    split.close();
  }
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
