import { mostBadRows, stagedFolder } from "../../dataset";
import { makeFolder } from "../files";
import type { BucketLake } from "../lake/bucket-lake";
import type { SourceRecord } from "../records";
import { CsvSplit } from "../source/csv-split";
import type { Extracted, StagedContent } from "../source/extracted";
import { inspectChunks } from "../source/inspect";
import { extensionOf, fileName, shownAddress } from "../source/location";
import { streamSource } from "../source/stream-source";
import { textSteps } from "../source/text-steps";
import { bytesText, countText } from "../text";
import type { PeriodContext } from "./context";
import { StagedRecords } from "./staged-records";
import type { StepResult } from "./timing";

/**
 * Streams the period's source into the lake: as it is, unless it is in Cloud Storage already, and its valid records in a
 * form that every CSV reader reads in the same way. Rejects are separated here, by the same automaton that reads CSV for
 * DuckDB. Nothing is kept in memory or on the disk but the rejects.
 *
 * @param known the source that all destinations already contain; undefined to read the source in any case
 * @returns "unchanged" when the source is the known one
 * @throws Failure as `extract` does
 */
export async function stage(
  context: PeriodContext,
  lake: BucketLake,
  known: SourceRecord | undefined,
): Promise<StepResult<Extracted<StagedContent> | "unchanged">> {
  const result = await staged(context, lake, known);
  if (result === "unchanged") return { result, changed: false, detail: "the source has not changed" };
  const { bytes, rows } = result.record;
  return {
    result,
    changed: true,
    detail: `${bytesText(bytes)}, ${countText(rows, "row")}, staged for BigQuery`,
  };
}

async function staged(
  context: PeriodContext,
  lake: BucketLake,
  known: SourceRecord | undefined,
): Promise<Extracted<StagedContent> | "unchanged"> {
  const { location, format, cloud, reporter, spec, period, run, scratch } = context;
  const source = await streamSource({ location, cloud, held: known });
  if (source === "unchanged") return source;
  await makeFolder(scratch);
  const folder = stagedFolder(spec.id, period, run);
  const name = fileName(location);
  const copy = location.kind === "gs" ? undefined : lake.upload(`${folder}source${extensionOf(format)}`);
  const records = new StagedRecords(lake, folder, spec);
  const split = new CsvSplit(scratch, name, spec, mostBadRows(spec.badRows), (valid, fields) => {
    records.add(valid, fields);
  });
  const step = { dataset: spec.id, period: period.label, step: "extract" } as const;
  const arriving = async function* () {
    let done = 0;
    for await (const chunk of source.chunks) {
      await copy?.write(chunk);
      done += chunk.length;
      reporter.progress(step, { done, total: source.total, unit: "bytes" });
      yield chunk;
    }
  };
  const sink = {
    push: (piece: Buffer) => {
      split.push(piece);
      return records.flush();
    },
    get lines() {
      return split.lines;
    },
  };
  let isStaged = false;
  try {
    const { bytes, sha256 } = await inspectChunks(arriving(), name, format, {
      text: sink,
      steps: textSteps(spec.source, name),
    });
    const { rows, content } = split.finish();
    if (sha256 === known?.sha256) return "unchanged";
    const [written] = await Promise.all([records.end(content.fields), copy?.end()]);
    isStaged = true;
    const record = { url: shownAddress(location), bytes, sha256, ...source.version, rows };
    return { record, content: { ...content, ...written, kind: "staged", folder } };
  } finally {
    if (!isStaged) {
      copy?.abort();
      records.abort();
    }
    split.close();
  }
}
