import { type Period, shrinkage } from "../../dataset";
import { Failure } from "../failure";
import type { Lake } from "../lake/lake";
import { readLastManifest, readManifest } from "../lake/manifest";
import { countText } from "../text";
import type { SourceRecord } from "../records";
import { fileName } from "../source/location";
import type { PeriodContext } from "./context";
import type { DraftFile } from "./parquetize";

/**
 * Prevents the replacement of a period with no rows, or with far fewer rows than it or its neighbors have, unless that
 * is allowed.
 *
 * @throws Failure integrity; drift when no row is left because all were rejected
 */
export async function checkShrink(
  { spec, period, location, reporter }: PeriodContext,
  lake: Lake,
  source: SourceRecord,
  { parquet, rejects }: Counted,
  isAllowed: boolean,
): Promise<void> {
  const before = (await readLastManifest(lake, spec.id, period))?.parquet.rows;
  const neighbors: number[] = [];
  for (const neighbor of neighborsOf(period)) {
    const manifest = await readManifest(lake, spec.id, neighbor);
    if (manifest !== undefined) neighbors.push(manifest.parquet.rows);
  }
  const why = shrinkage(spec.shrink, parquet.rows, { before, neighbors });
  if (why === undefined) return;
  const found =
    `${fileName(location)} has ${countText(source.rows, "row")}, ` +
    `${(rejects?.rows ?? 0).toLocaleString("en-US")} of them rejected: ${why}`;
  if (isAllowed) {
    reporter.warning(`${found}; accepted (--allow-shrink)`);
    return;
  }
  throw new Failure(
    parquet.rows === 0 && rejects !== null ? "drift" : "integrity",
    `${found}; nothing was replaced. If the source is correct, run again with --allow-shrink, ` +
      `or set shrink in catalog/${spec.id}.ts`,
  );
}

/** The numbers of rows that were converted and rejected. */
interface Counted {
  readonly parquet: Pick<DraftFile, "rows">;
  readonly rejects: Pick<DraftFile, "rows"> | null;
}

function neighborsOf(period: Period): readonly Period[] {
  return period.grain === "once" ? [] : [period.plus(-1), period.plus(1)];
}
