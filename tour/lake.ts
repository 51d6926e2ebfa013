import { join } from "node:path";
import * as z from "zod/mini";
import { manifestPath, type Period } from "../dataset";
import { FolderLake } from "../job/lake/folder-lake";
import { readManifest } from "../job/lake/manifest";
import type { Manifest, Reject } from "../job/records";
import { TourFailure } from "./failure";

/** What the lake itself says of one period, read back from disk. */
export interface PeriodInLake {
  readonly manifest: Manifest;
  readonly rejects: readonly Reject[];
  /** Whether the Parquet file is byte by byte the one in the manifest. */
  readonly parquetHolds: boolean;
}

/**
 * Reads what a run has left in the lake of one period.
 *
 * @param root folder of the lake
 * @throws TourFailure naming the file that is missing or not of the expected form
 */
export async function readPeriod(root: string, dataset: string, period: Period): Promise<PeriodInLake> {
  const lake = new FolderLake(root);
  const manifest = await readManifest(lake, dataset, period);
  if (manifest === undefined) {
    const path = join(root, manifestPath(dataset, period));
    throw new TourFailure(`${dataset} ${period.label}: there is no complete manifest at ${path}`, 3);
  }
  return {
    manifest,
    rejects: manifest.rejects === null ? [] : await readRejects(lake, manifest.rejects.path),
    parquetHolds: await lake.holds(manifest.parquet),
  };
}

async function readRejects(lake: FolderLake, path: string): Promise<readonly Reject[]> {
  const text = await lake.read(path);
  if (text === undefined) throw new TourFailure(`the lake has no ${path}, which a manifest names`, 3);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => rejectShape.parse(JSON.parse(line)));
}

const rejectShape: z.ZodMiniType<Reject> = z.object({
  line: z.number(),
  column: z.nullable(z.string()),
  reason: z.string(),
  raw: z.string(),
});
