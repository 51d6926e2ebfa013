import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { parquetPath, rejectsPath, specDigest, specVersion } from "../catalog/spec";
import type { Destinations } from "./destinations";
import { Failure } from "./failure";
import type { Lake } from "./lake/lake";
import { readManifest, removeSuccess, writeManifest } from "./lake/manifest";
import { parquetize } from "./parquet/parquetize";
import { periodTables, type PeriodTable, type PeriodTables } from "./period-tables";
import {
  loadKey,
  type FileRecord,
  type Manifest,
  type PeriodSummary,
  type SourceRecord,
  type TableRecord,
} from "./records";
import { bytesText, countText } from "./report/text";
import { sidecar } from "./source/download";
import type { PeriodContext } from "./steps/context";
import { extract, scratchFile, type Extracted } from "./steps/extract";
import { Steps } from "./steps/timing";
import { verify, type Holding } from "./steps/verify";
import { parquetHolding } from "./warehouse/duckdb-warehouse";

/** The period's files in the lake, and what they were made from. */
interface Published {
  readonly source: SourceRecord;
  readonly parquet: FileRecord;
  readonly rejects: FileRecord | null;
}

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
  const { spec, period } = context;
  const { lake } = destinations;
  const steps = new Steps(context);
  const held = force ? undefined : await heldManifest(context, lake);
  try {
    const files = await publishFiles(context, lake, held, steps);
    const key = loadKey(spec.id, period, files.source.sha256, specDigest(spec));
    const tables = periodTables(context, destinations, key, files.parquet);
    const fill = (table: PeriodTable) => load(table, context, lake, files, steps, force);
    const warehouse = await fill(tables.warehouse);
    const database = tables.database === null ? null : await fill(tables.database);
    if (database === null) steps.skip("database", "left out");

    const rejected = files.rejects?.rows ?? 0;
    // The manifest of a run without the database does not name it yet.
    const changed = steps.changed || (database !== null && held?.database === null);
    await steps.run("verify", async () => {
      if (changed) await verifyAll(context, lake, files, tables);
      const detail = `${countText(files.source.rows, "source row")} = ${countText(files.parquet.rows, "row")} + ${countText(rejected, "reject")}`;
      return { result: undefined, changed, detail: changed ? detail : "nothing has changed" };
    });

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
    await rm(context.scratch, { recursive: true, force: true });
    const { url, bytes, sha256 } = files.source;
    return {
      period: period.label,
      changed,
      rows: {
        read: files.source.rows,
        rejected,
        parquet: files.parquet.rows,
        warehouse: warehouse.rows,
        database: database?.rows ?? null,
      },
      source: { url, bytes, sha256 },
      seconds: steps.seconds,
    };
  } catch (error) {
    // Only a download that broke off is worth keeping: the next run continues it.
    if (!existsSync(sidecar(scratchFile(context)))) {
      await rm(context.scratch, { recursive: true, force: true });
    }
    throw error;
  }
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
async function publishFiles(
  context: PeriodContext,
  lake: Lake,
  held: Manifest | undefined,
  steps: Steps,
): Promise<Published> {
  const { spec, period } = context;
  const extracted = await steps.run<Extracted | "unchanged">("extract", async () => {
    const found = await extract(context, held?.source);
    if (found === "unchanged") return { result: found, changed: false, detail: "the source has not changed" };
    const { bytes, rows } = found.record;
    return { result: found, changed: true, detail: `${bytesText(bytes)}, ${countText(rows, "row")}` };
  });
  if (extracted === "unchanged" && held !== undefined) {
    steps.skip("parquetize", "already made");
    steps.skip("publish", "already in the lake");
    return { source: held.source, parquet: held.parquet, rejects: held.rejects };
  }
  if (extracted === "unchanged")
    throw new TypeError("a source cannot be unchanged before it was ever ingested");

  const drafts = await steps.run("parquetize", async () => {
    const made = await parquetize(context, extracted);
    const rejected = made.rejects === null ? "" : `, ${countText(made.rejects.rows, "row")} rejected`;
    return {
      result: made,
      changed: true,
      detail: `${bytesText(made.parquet.bytes)}, ${countText(made.parquet.rows, "row")}${rejected}`,
    };
  });
  return steps.run("publish", async () => {
    await removeSuccess(lake, spec.id, period);
    const parquet = await moveIn(lake, drafts.parquet, parquetPath(spec.id, period));
    const rejects =
      drafts.rejects === null ? null : await moveIn(lake, drafts.rejects, rejectsPath(spec.id, period));
    if (rejects === null) await lake.remove(rejectsPath(spec.id, period));
    return { result: { source: extracted.record, parquet, rejects }, changed: true, detail: parquet.path };
  });
}

async function moveIn(
  lake: Lake,
  { file, ...facts }: Omit<FileRecord, "path"> & { readonly file: string },
  path: string,
) {
  const record = { path, ...facts };
  await lake.publish(file, record);
  return record;
}

/** Step four or five: loads a table, unless it holds the content already. */
function load(
  table: PeriodTable,
  { spec, period }: PeriodContext,
  lake: Lake,
  { parquet }: Published,
  steps: Steps,
  force: boolean,
): Promise<TableRecord> {
  const { name } = table;
  return steps.run(table.step, async () => {
    const there = force ? undefined : await table.holds();
    if (there !== undefined) {
      const detail = `${countText(there, "row")} already there`;
      return { result: { table: name, rows: there }, changed: false, detail };
    }
    await removeSuccess(lake, spec.id, period);
    await lake.confirm(parquet.path);
    const rows = await table.replace();
    return { result: { table: name, rows }, changed: true, detail: `${countText(rows, "row")} into ${name}` };
  });
}

/**
 * Step six. Where another run may have been at the same tables, they get a second chance: what differs is replaced
 * once more, as long as the lake still holds what this run has published.
 */
async function verifyAll(
  context: PeriodContext,
  lake: Lake,
  { source, parquet, rejects }: Published,
  { warehouse, database }: PeriodTables,
): Promise<void> {
  const tables = database === null ? [warehouse] : [warehouse, database];
  const check = async () => {
    const holdings: Holding[] = [
      await parquetHolding(context.engine, context.spec, await lake.local(parquet, context.scratch)),
    ];
    for (const table of tables) holdings.push(await table.holding());
    verify({ rows: source.rows, rejected: rejects?.rows ?? 0 }, holdings);
  };
  try {
    await check();
  } catch (error) {
    if (lake.isExclusive || !(error instanceof Failure) || error.kind !== "integrity") throw error;
    await lake.confirm(parquet.path);
    context.reporter.warning(`${error.message}; another run may have been in between: loading once more`);
    for (const table of tables) await table.replace();
    await check();
  }
}
