import { copyFile, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, Failure } from "../failure";
import { sha256Of } from "../files";
import { queryNumber } from "../parquet/rows";
import { literal } from "../parquet/sql";
import type { SourceRecord } from "../records";
import { download, type Validators } from "../source/download";
import { inspect } from "../source/inspect";
import { fileName, shownAddress } from "../source/location";
import type { PeriodContext } from "./context";

/** A source file on this machine, whole and counted. */
export interface Extracted {
  readonly record: SourceRecord;
  readonly file: string;
  /** First line of a CSV file. */
  readonly header: string | undefined;
}

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
): Promise<Extracted | "unchanged"> {
  const file = join(context.scratch, "source");
  const fetched = await fetchTo(file, context, known);
  if (fetched === "unchanged") return "unchanged";
  const { bytes, sha256, csv } = await inspect(
    file,
    fileName(context.location),
    context.format,
    context.spec.source,
  );
  if (sha256 === known?.sha256) return "unchanged";
  const rows =
    csv?.rows ??
    (await queryNumber(
      context.engine.connection,
      `SELECT num_rows FROM parquet_file_metadata(${literal(file)})`,
    ));
  const record = { url: shownAddress(context.location), bytes, sha256, rows, ...fetched };
  return { record, file, header: csv?.header };
}

async function fetchTo(
  file: string,
  { location, reporter, spec, period }: PeriodContext,
  known: SourceRecord | undefined,
): Promise<Validators | "unchanged"> {
  const step = { dataset: spec.id, period: period.label, step: "extract" } as const;
  switch (location.kind) {
    case "http":
      return download({
        url: location.url,
        shown: shownAddress(location),
        file,
        // A server's tags mean nothing for another address.
        known: known?.url === shownAddress(location) ? known : undefined,
        onProgress: (done, total) => {
          reporter.progress(step, { done, total, unit: "bytes" });
        },
      });
    case "file": {
      const { path } = location;
      const found = await stat(path).catch((error: unknown) => {
        throw codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
          ? new Failure("permanent", `there is no file ${path}`, { cause: error })
          : error;
      });
      if (!found.isFile())
        throw new Failure("permanent", `${path} is not a file; name one, with {period} in it`);
      if (known !== undefined && (await sha256Of(path)) === known.sha256) return "unchanged";
      // A copy, so that what is hashed, counted and converted is the same even if the original is written to.
      await mkdir(dirname(file), { recursive: true });
      await copyFile(path, file);
      return {};
    }
  }
}
