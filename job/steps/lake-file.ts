import { parquetRows } from "../engine/sql";
import type { Fingerprint } from "../fingerprint/fingerprint";
import { fingerprintOf } from "../fingerprint/raw";
import type { LakeFile } from "../warehouse/warehouse";
import type { PeriodContext } from "./context";

/**
 * A Parquet file to compare with; it is read once, when it is first asked for.
 *
 * @param local where programs of this machine find it
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
