import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { manifestPath, successPath, type Period } from "../../dataset";
import { stepNames, type Manifest } from "../records";
import type { Lake } from "./lake";

const count = z.int().check(z.gte(0));
const file = z.object({ path: z.string(), bytes: count, sha256: z.string(), rows: count });
const table = z.object({ table: z.string(), rows: count });
const shape: z.ZodMiniType<Manifest> = z.object({
  version: z.literal(1),
  key: z.string(),
  run: z.string(),
  dataset: z.string(),
  period: z.string(),
  spec: z.object({ version: z.int(), digest: z.string() }),
  source: z.object({
    url: z.string(),
    bytes: count,
    sha256: z.string(),
    rows: count,
    etag: z.optional(z.string()),
    lastModified: z.optional(z.string()),
    query: z.optional(z.string()),
  }),
  parquet: file,
  rejects: z.nullable(file),
  warehouse: table,
  database: z.nullable(table),
  steps: z.array(z.object({ step: z.enum(stepNames), startedAt: z.string(), seconds: z.number() })),
  finishedAt: z.string(),
});

/** Writes the manifest and after it, as the last of all, the success marker that names the manifest's hash. */
export async function writeManifest(lake: Lake, manifest: Manifest, period: Period): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await lake.write(manifestPath(manifest.dataset, period), text);
  await lake.write(successPath(manifest.dataset, period), `${sha256(text)}\n`);
}

/** Says that the period is no longer complete, before anything of it is replaced. */
export async function removeSuccess(lake: Lake, dataset: string, period: Period): Promise<void> {
  await lake.remove(successPath(dataset, period));
}

/** The period's manifest, if there is one with its success marker; what cannot be read counts as not there. */
export async function readManifest(
  lake: Lake,
  dataset: string,
  period: Period,
): Promise<Manifest | undefined> {
  const text = await lake.read(manifestPath(dataset, period));
  const marker = await lake.read(successPath(dataset, period));
  if (text === undefined || marker?.trim() !== sha256(text)) return undefined;
  const parsed = shape.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
