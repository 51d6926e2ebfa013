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

/** Puts the period's files into the lake. In the meantime, the period is not complete. */
export async function publish(
  { spec, period }: PeriodContext,
  lake: Lake,
  { parquet, rejects }: Drafts,
): Promise<StepResult<void>> {
  await removeSuccess(lake, spec.id, period);
  const path = parquetPath(spec.id, period);
  await lake.publish(parquet.file, recordOf(parquet, path));
  const rejected = rejectsPath(spec.id, period);
  if (rejects === null) await lake.remove(rejected);
  else await lake.publish(rejects.file, recordOf(rejects, rejected));
  return { result: undefined, changed: true, detail: path };
}

/** A draft as the lake records it. */
export function recordOf({ bytes, sha256, rows }: DraftFile, path: string): FileRecord {
  return { path, bytes, sha256, rows };
}
