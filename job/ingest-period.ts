import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { type EngineName, specDigest, specVersion } from "../dataset";
import { readManifest, writeManifest } from "./lake/manifest";
import type { Lake } from "./lake/lake";
import { alreadyPublished, converted } from "./period-files";
import { loadKey, type Manifest, type SourceRecord } from "./records";
import type { PeriodSummary } from "./run-summary";
import type { Extracted } from "./source/extracted";
import { sidecar } from "./source/part";
import type { Destinations, PeriodContext } from "./steps/context";
import { extract, scratchFile } from "./steps/extract";
import { stage } from "./steps/stage";
import { loadTables } from "./steps/load";
import { periodTables } from "./steps/period-tables";
import { type StepResult, Steps } from "./steps/timing";
import { listed, verify } from "./steps/verify";

/** What a run does only on request. */
export interface PeriodOptions {
  /** Run all steps, even if the destinations already contain the period. */
  readonly force: boolean;
  /** Replace a period with far fewer rows, or with none. */
  readonly allowShrink: boolean;
}

/** The first step of a period, which can run while the previous period is loaded. */
export interface Fetched {
  /** The manifest of the last run, if it is still valid. */
  readonly held: Manifest | undefined;
  readonly extracted: StepResult<Extracted | "unchanged">;
}

/** Fetches the period's source, unless it is the one that all destinations already contain. */
export async function fetchPeriod(
  context: PeriodContext,
  { lake, conversion }: Pick<Destinations, "lake" | "conversion">,
  { force }: PeriodOptions,
): Promise<Fetched> {
  const held = force ? undefined : await heldManifest(context, lake);
  return { held, extracted: await fetchFor(engineOf(context), context, conversion, held?.source) };
}

/** What converts the source. With --source, it can be in another form than the specification's. */
function engineOf({ spec, format }: Pick<PeriodContext, "spec" | "format">): EngineName {
  const isStreamed = format.format === "csv" && format.compression !== "zip";
  return isStreamed ? (spec.engine ?? "duckdb") : "duckdb";
}

/** Fetches the source to where its engine reads it. */
function fetchFor(
  engine: EngineName,
  context: PeriodContext,
  conversion: Destinations["conversion"],
  known: SourceRecord | undefined,
): Promise<Fetched["extracted"]> {
  switch (engine) {
    case "duckdb":
      return extract(context, known);
    case "bigquery":
      // On a laptop there is none: the result is the same.
      return conversion === undefined ? extract(context, known) : stage(context, conversion.lake, known);
  }
}

/**
 * Runs all steps of one period. A destination that already contains the source is skipped: a second run writes nothing,
 * and a run after a crash completes what is missing.
 */
export async function ingestPeriod(
  context: PeriodContext,
  destinations: Destinations,
  options: PeriodOptions,
  hooks: PeriodHooks,
): Promise<PeriodSummary> {
  try {
    const summary = await runSteps(context, destinations, options, hooks);
    await rm(context.scratch, { recursive: true, force: true });
    return summary;
  } catch (error) {
    await leaveScratch(context);
    throw error;
  }
}

/** Callbacks of the run while a period is ingested. */
export interface PeriodHooks {
  /** Fetches the source, or waits for the fetch that has already started. */
  readonly fetch: () => Promise<Fetched>;
  /** Called when the source is converted, before the tables are loaded. */
  readonly onLoading: () => void;
}

/** Removes the temporary files of a failed period, except an interrupted download that the next run can resume. */
export async function leaveScratch(context: Pick<PeriodContext, "scratch" | "format">): Promise<void> {
  if (existsSync(sidecar(scratchFile(context)))) return;
  await rm(context.scratch, { recursive: true, force: true });
}

async function runSteps(
  context: PeriodContext,
  destinations: Destinations,
  options: PeriodOptions,
  hooks: PeriodHooks,
): Promise<PeriodSummary> {
  const { spec, period } = context;
  const { lake } = destinations;
  const steps = new Steps(context);
  const fetching = hooks.fetch();
  const extracted = await steps.run("extract", async () => (await fetching).extracted);
  const { held } = await fetching;
  const { files, lakeFile, published, rules } =
    extracted === "unchanged"
      ? alreadyPublished(context, lake, held, steps)
      : await converted(context, destinations, extracted, steps, options);
  hooks.onLoading();
  const key = loadKey(spec.id, period, files.source.sha256, specDigest(spec));
  const file = { ...files.parquet, local: lakeFile.local, published };
  const tables = periodTables(context, destinations, key, file);
  // The tables are loaded while the source is compared with the file, and appear when the lake has it.
  const loading = loadTables(listed(tables), lakeFile, steps, options.force);
  // A table may fail before the lake has the file: awaited below, and until then not an unhandled rejection.
  loading.catch(() => undefined);
  if (extracted !== "unchanged") await unlessFails(published(), loading);
  const [warehouse, database = null] = await loading;
  if (warehouse === undefined) throw new TypeError("there is no result for the warehouse");
  if (database === null) steps.skip("database", "skipped");

  // The manifest of a run without the database does not contain its table yet.
  const changed = steps.changed || (database !== null && held?.database === null);
  const comparisons = [warehouse.comparison, database?.comparison];
  await steps.run("verify", () => verify(context, lake, files, lakeFile, tables, comparisons, changed));
  if (changed) await destinations.warehouse.settle();
  if (changed) {
    const manifest: Manifest = {
      version: 1,
      key,
      run: context.run,
      dataset: spec.id,
      period: period.label,
      spec: { version: specVersion, digest: specDigest(spec) },
      ...files,
      warehouse: warehouse.record,
      database: database?.record ?? null,
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
      warehouse: warehouse.record.rows,
      database: database?.record.rows ?? null,
    },
    ...(rules.length > 0 && { rejects: [...rules].sort((a, b) => b.rows - a.rows) }),
    source: { url, bytes, sha256 },
    seconds: steps.seconds,
  };
}

/** The manifest of the last run, if its files are unchanged in the lake and match the current specification. */
async function heldManifest({ spec, period }: PeriodContext, lake: Lake): Promise<Manifest | undefined> {
  const manifest = await readManifest(lake, spec.id, period);
  if (manifest?.spec.digest !== specDigest(spec)) return undefined;
  const files = manifest.rejects === null ? [manifest.parquet] : [manifest.parquet, manifest.rejects];
  for (const file of files) if (!(await lake.holds(file))) return undefined;
  return manifest;
}

/** Waits for the first; when it fails, waits for the other too, which cannot succeed then. */
async function unlessFails(first: Promise<void>, other: Promise<unknown>): Promise<void> {
  try {
    await first;
  } catch (error) {
    await other.catch(() => undefined);
    throw error;
  }
}
