import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { specDigest, specVersion } from "../dataset";
import { parquetRows } from "./engine/sql";
import type { Fingerprint } from "./fingerprint/fingerprint";
import { fingerprintOf } from "./fingerprint/raw";
import { readManifest, writeManifest } from "./lake/manifest";
import type { Lake } from "./lake/lake";
import { loadKey, type Manifest } from "./records";
import type { PeriodSummary } from "./run-summary";
import { sidecar } from "./source/download";
import type { Destinations, PeriodContext } from "./steps/context";
import { extract, scratchFile } from "./steps/extract";
import { load } from "./steps/load";
import { parquetize } from "./steps/parquetize";
import { periodTables } from "./steps/period-tables";
import { publish, type Published } from "./steps/publish";
import { checkShrink } from "./steps/shrink";
import { readSource } from "./steps/source-reading";
import { Steps } from "./steps/timing";
import { verify } from "./steps/verify";
import type { LakeFile } from "./warehouse/warehouse";

/** What a run may do that it would not do by itself. */
export interface PeriodOptions {
  /** Every step again, whatever the destinations hold. */
  readonly force: boolean;
  /** Replace a period by far fewer rows, or by none. */
  readonly allowShrink: boolean;
}

/**
 * Ingests one period through all steps. Each destination that already holds the source's content is left alone,
 * so that a second run writes nothing and a run after a crash does what the first one did not.
 */
export async function ingestPeriod(
  context: PeriodContext,
  destinations: Destinations,
  options: PeriodOptions,
): Promise<PeriodSummary> {
  try {
    const summary = await runSteps(context, destinations, options);
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
  options: PeriodOptions,
): Promise<PeriodSummary> {
  const { spec, period } = context;
  const { lake } = destinations;
  const { force } = options;
  const steps = new Steps(context);
  const held = force ? undefined : await heldManifest(context, lake);
  const { files, lakeFile } = await publishedFiles(context, lake, held, steps, options);
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
  await steps.run("verify", () => verify(context, lake, files, lakeFile, tables, changed));
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
  { allowShrink }: PeriodOptions,
): Promise<{ readonly files: Published; readonly lakeFile: LakeFile }> {
  const extracted = await steps.run("extract", () => extract(context, held?.source));
  if (extracted === "unchanged") {
    if (held === undefined) throw new TypeError("a source cannot be unchanged before it was ever ingested");
    steps.skip("parquetize", "already made");
    steps.skip("publish", "already in the lake");
    const { source, parquet, rejects } = held;
    return { files: { source, parquet, rejects }, lakeFile: fileInLake(context, () => lake.local(parquet, context.scratch)) };
  }
  const reading = readSource(context, extracted);
  try {
    const drafts = await steps.run("parquetize", () => parquetize(context, extracted));
    const draft = fileInLake(context, () => Promise.resolve(drafts.parquet.file));
    const fingerprint = await draft.fingerprint();
    await reading.check(fingerprint, drafts);
    await checkShrink(context, lake, extracted.record, drafts, allowShrink);
    const files = await steps.run("publish", () => publish(context, lake, extracted.record, drafts));
    const local = () => lake.local(files.parquet, context.scratch);
    return { files, lakeFile: { local, fingerprint: () => Promise.resolve(fingerprint) } };
  } finally {
    reading.stop();
  }
}

/** A Parquet file to compare with; it is read once, when it is first asked for. */
function fileInLake({ engine, spec }: PeriodContext, local: () => Promise<string>): LakeFile {
  let fingerprint: Promise<Fingerprint> | undefined;
  return {
    local,
    fingerprint: () =>
      (fingerprint ??= local().then((file) =>
        fingerprintOf("the lake", engine.connection, spec, parquetRows(spec, file)),
      )),
  };
}
