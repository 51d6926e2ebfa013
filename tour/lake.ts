import { join } from "node:path";
import { manifestPath, type Period } from "../dataset";
import { FolderLake } from "../job/lake/folder-lake";
import { readManifest } from "../job/lake/manifest";
import { readRejects } from "../job/lake/rejects";
import type { Manifest, Reject } from "../job/records";
import { TourFailure } from "./failure";

/** Content of the lake for one period, read from disk. */
export interface PeriodInLake {
  readonly manifest: Manifest;
  readonly rejects: readonly Reject[];
  /** Whether the Parquet file matches the manifest. */
  readonly parquetHolds: boolean;
}

/**
 * Reads the results of a run in the lake for one period.
 *
 * @param root folder of the lake
 * @throws TourFailure with the path of a missing file
 */
export async function readPeriod(root: string, dataset: string, period: Period): Promise<PeriodInLake> {
  const lake = new FolderLake(root);
  const manifest = await readManifest(lake, dataset, period);
  if (manifest === undefined) {
    const path = join(root, manifestPath(dataset, period));
    throw new TourFailure(
      `${dataset} ${period.label}: no complete manifest at ${path}; run npm start again`,
      3,
    );
  }
  return {
    manifest,
    rejects: await readRejects(lake, manifest.rejects),
    parquetHolds: await lake.holds(manifest.parquet),
  };
}
