import { withFork } from "../engine/engine";
import { parquetRows } from "../engine/sql";
import type { Fingerprint } from "../fingerprint/fingerprint";
import { fingerprintOf } from "../fingerprint/raw";
import type { Lake } from "../lake/lake";
import type { FileRecord } from "../records";
import type { LakeFile, PeriodFile } from "../warehouse/warehouse";
import type { PeriodContext } from "./context";

/**
 * A Parquet file to compare tables with. Its fingerprint is computed once, on first use.
 *
 * @param local returns a local path of the file
 */
export function lakeFileOf(
  { engine, spec }: Pick<PeriodContext, "engine" | "spec">,
  local: () => Promise<string>,
): LakeFile {
  let fingerprint: Promise<Fingerprint> | undefined;
  return {
    local,
    fingerprint: () =>
      // With its own connection: the tables are loaded at the same time.
      (fingerprint ??= withFork(engine, async ({ connection }) =>
        fingerprintOf("the lake", connection, spec, parquetRows(spec, await local())),
      )),
  };
}

/** A Parquet file that is in the lake already. */
export function publishedFile(lake: Lake, record: FileRecord, scratch: string): PeriodFile {
  return { ...record, local: () => lake.local(record, scratch), published: () => Promise.resolve() };
}
