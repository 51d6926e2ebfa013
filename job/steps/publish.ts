import { parquetPath, rejectsPath } from "../../dataset";
import type { Lake } from "../lake/lake";
import { removeSuccess } from "../lake/manifest";
import type { FileRecord, SourceRecord } from "../records";
import type { PeriodContext } from "./context";
import type { DraftFile, Drafts } from "./parquetize";
import type { StepResult } from "./timing";

/** The period's files in the lake, and their source. */
export interface Published {
  readonly source: SourceRecord;
  readonly parquet: FileRecord;
  /** Null when no row is rejected. */
  readonly rejects: FileRecord | null;
}

/** Moves the period's files into the lake. In the meantime, the period is not complete. */
export async function publish(
  { spec, period }: PeriodContext,
  lake: Lake,
  source: SourceRecord,
  drafts: Drafts,
): Promise<StepResult<Published>> {
  await removeSuccess(lake, spec.id, period);
  const parquet = await moveIn(lake, drafts.parquet, parquetPath(spec.id, period));
  const path = rejectsPath(spec.id, period);
  const rejects = drafts.rejects === null ? null : await moveIn(lake, drafts.rejects, path);
  if (rejects === null) await lake.remove(path);
  return { result: { source, parquet, rejects }, changed: true, detail: parquet.path };
}

async function moveIn(lake: Lake, { file, ...facts }: DraftFile, path: string): Promise<FileRecord> {
  const record = { path, ...facts };
  await lake.publish(file, record);
  return record;
}
