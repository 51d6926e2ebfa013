import { parquetRows } from "../engine/sql";
import type { Fingerprint } from "../fingerprint/fingerprint";
import { fingerprintOf } from "../fingerprint/raw";
import type { LakeFile } from "../warehouse/warehouse";
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
      (fingerprint ??= local().then((file) =>
        fingerprintOf("the lake", engine.connection, spec, parquetRows(spec, file)),
      )),
  };
}
