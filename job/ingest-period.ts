import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { specDigest, specVersion } from "../dataset";
import { readManifest, writeManifest } from "./lake/manifest";
import type { Lake } from "./lake/lake";
import { loadKey, type Manifest } from "./records";
import type { PeriodSummary } from "./run-summary";
import { sidecar } from "./source/part";
import type { Destinations, PeriodContext } from "./steps/context";
import { extract, scratchFile } from "./steps/extract";
import { load } from "./steps/load";
import { parquetize } from "./steps/parquetize";
import { periodTables } from "./steps/period-tables";
import { publish, type Published } from "./steps/publish";
import { Steps } from "./steps/timing";
import { verify } from "./steps/verify";

/**
 * Ingests one period through all steps. Each destination that already holds the source's content is left alone,
 * so that a second run writes nothing and a run after a crash does what the first one did not.
 *
 * @param force does every step again, whatever the destinations hold
 */
export async function ingestPeriod(
  context: PeriodContext,
  destinations: Destinations,
  force: boolean,
): Promise<PeriodSummary> {
  try {
    const summary = await runSteps(context, destinations, force);
    await rm(context.scratch, { recursive: true, force: true });
    return summary;
  } catch (error) {
    // Only a download that broke off is worth keeping: the next run continues it.
    if (!existsSync(sidecar(scratchFile(context)))) {
      await rm(context.scratch, { recursive: true, force: true });
    }
    throw error;
  }
}

async function runSteps(
  context: PeriodContext,
  destinations: Destinations,
  force: boolean,
): Promise<PeriodSummary> {
  const { spec, period } = context;
  const { lake } = destinations;
  const steps = new Steps(context);
  const held = force ? undefined : await heldManifest(context, lake);
  const files = await publishedFiles(context, lake, held, steps);
  const key = loadKey(spec.id, period, files.source.sha256, specDigest(spec));
  const tables = periodTables(context, destinations, key, files.parquet);
  const { warehouse: inWarehouse, database: inDatabase } = tables;

  const warehouse = await steps.run("warehouse", () =>
    load(context, lake, inWarehouse, files.parquet, force),
  );
  if (inDatabase === null) steps.skip("database", "left out");
  const database =
    inDatabase && (await steps.run("database", () => load(context, lake, inDatabase, files.parquet, force)));

  // The manifest of a run without the database does not name it yet.
  const changed = steps.changed || (database !== null && held?.database === null);
  await steps.run("verify", () => verify(context, lake, files, tables, changed));
  if (changed) {
    const manifest: Manifest = {
      version: 1,
      key,
      run: context.run,
      dataset: spec.id,
      period: period.label,
      spec: { version: specVersion, digest: specDigest(spec) },
      ...files,
      warehouse,
      database,
      steps: steps.records,
      finishedAt: new Date().toISOString(),
    };
    await writeManifest(lake, manifest, period);
  }
  const { url, bytes, sha256 } = files.source;
  return {
    period: period.label,
    changed,
    rows: {
      read: files.source.rows,
      rejected: files.rejects?.rows ?? 0,
      parquet: files.parquet.rows,
      warehouse: warehouse.rows,
      database: database?.rows ?? null,
    },
    source: { url, bytes, sha256 },
    seconds: steps.seconds,
  };
}

/** The manifest of the last run, if its files are in the lake byte for byte and made under this specification. */
async function heldManifest({ spec, period }: PeriodContext, lake: Lake): Promise<Manifest | undefined> {
  const manifest = await readManifest(lake, spec.id, period);
  if (manifest?.spec.digest !== specDigest(spec)) return undefined;
  const files = manifest.rejects === null ? [manifest.parquet] : [manifest.parquet, manifest.rejects];
  for (const file of files) if (!(await lake.holds(file))) return undefined;
  return manifest;
}

/** Steps one to three: from the source to the lake. */
async function publishedFiles(
  context: PeriodContext,
  lake: Lake,
  held: Manifest | undefined,
  steps: Steps,
): Promise<Published> {
  const extracted = await steps.run("extract", () => extract(context, held?.source));
  if (extracted !== "unchanged") {
    const drafts = await steps.run("parquetize", () => parquetize(context, extracted));
    return steps.run("publish", () => publish(context, lake, extracted.record, drafts));
  }
  if (held === undefined) throw new TypeError("a source cannot be unchanged before it was ever ingested");
  steps.skip("parquetize", "already made");
  steps.skip("publish", "already in the lake");
  return { source: held.source, parquet: held.parquet, rejects: held.rejects };
}
