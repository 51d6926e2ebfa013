import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { manifestPath, successPath, type Period } from "../../dataset";
import { Failure } from "../failure";
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

/** Writes the manifest, then the success marker, which contains the manifest's hash. */
export async function writeManifest(lake: Lake, manifest: Manifest, period: Period): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await lake.write(manifestPath(manifest.dataset, period), text);
  await lake.write(successPath(manifest.dataset, period), `${sha256(text)}\n`);
}

/** Marks the period as incomplete, before anything is replaced. */
export async function removeSuccess(lake: Lake, dataset: string, period: Period): Promise<void> {
  await lake.remove(successPath(dataset, period));
}

/**
 * The period's manifest; undefined when it has no matching success marker, or is not valid.
 *
 * @throws Failure permanent when a newer version of this program has written it
 */
export async function readManifest(
  lake: Lake,
  dataset: string,
  period: Period,
): Promise<Manifest | undefined> {
  const text = await lake.read(manifestPath(dataset, period));
  const marker = await lake.read(successPath(dataset, period));
  if (text === undefined) return undefined;
  const manifest = manifestIn(text, `${lake.name}/${manifestPath(dataset, period)}`);
  return marker?.trim() === sha256(text) ? manifest : undefined;
}

/**
 * The manifest of the last run that completed the period, even if a later run has started to replace it.
 *
 * @throws Failure permanent when a newer version of this program has written it
 */
export async function readLastManifest(
  lake: Lake,
  dataset: string,
  period: Period,
): Promise<Manifest | undefined> {
  const path = manifestPath(dataset, period);
  const text = await lake.read(path);
  return text === undefined ? undefined : manifestIn(text, `${lake.name}/${path}`);
}

/** A period's manifest, and what is wrong with it or with its success marker. */
export type RecordState =
  | { readonly manifest: Manifest; readonly fault: string | undefined }
  | { readonly manifest: undefined; readonly fault: string };

/** @throws Failure permanent when a newer version of this program has written the manifest */
export async function recordState(lake: Lake, dataset: string, period: Period): Promise<RecordState> {
  const [path, marker] = [manifestPath(dataset, period), successPath(dataset, period)];
  const text = await lake.read(path);
  if (text === undefined)
    return { manifest: undefined, fault: `${path} does not exist: the period is not complete` };
  const manifest = manifestIn(text, `${lake.name}/${path}`);
  if (manifest === undefined) return { manifest, fault: `${path} is not a valid manifest` };
  const mark = await lake.read(marker);
  if (mark === undefined)
    return {
      manifest,
      fault: `${marker} does not exist: a run started to replace the period and did not finish`,
    };
  const fault = mark.trim() === sha256(text) ? undefined : `${marker} contains the hash of another manifest`;
  return { manifest, fault };
}

function manifestIn(text: string, path: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = versioned.safeParse(value);
  if (data !== undefined && data.version > 1) {
    throw new Failure(
      "permanent",
      `${path} has version ${data.version}, but this program supports version 1: upgrade this program`,
    );
  }
  const parsed = shape.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

const versioned = z.looseObject({ version: z.number() });

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
