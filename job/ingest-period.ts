import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { parquetPath, rejectsPath, specDigest, specVersion } from "../catalog/spec";
import type { PostgresDatabase } from "./database/postgres";
import type { Lake } from "./lake/lake";
import { readManifest, removeSuccess, writeManifest } from "./lake/manifest";
import { parquetize } from "./parquet/parquetize";
import { literal } from "./parquet/sql";
import { loadKey, type FileRecord, type Manifest, type PeriodSummary, type SourceRecord } from "./records";
import { bytesText, countText } from "./report/text";
import { sidecar } from "./source/download";
import type { PeriodContext } from "./steps/context";
import { extract, scratchFile, type Extracted } from "./steps/extract";
import { Steps } from "./steps/timing";
import { verify } from "./steps/verify";
import { parquetHolding } from "./warehouse/duckdb-warehouse";
import type { Warehouse } from "./warehouse/warehouse";

/** Where a period goes. */
export interface Destinations {
  readonly lake: Lake;
  readonly warehouse: Warehouse;
  /** Undefined when the run leaves the database out. */
  readonly database: PostgresDatabase | undefined;
}

/** A destination that holds tables, and knows what each period was loaded from. */
type Table = Pick<Warehouse, "holds">;

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
  const { lake, warehouse, database } = destinations;
  const steps = new Steps(context);
  const held = force ? undefined : await heldManifest(context, lake);
  try {
    const files = await publishFiles(context, lake, held, steps);
    const key = loadKey(spec.id, period, files.source.sha256, specDigest(spec));
    const local = () => lake.local(files.parquet, context.scratch);
    const tables = { warehouse: warehouse.tableName(spec), database: `raw.${spec.id}` };

    const load = (step: "warehouse" | "database", place: Table, replace: () => Promise<number>) =>
      steps.run(step, async () => {
        const there = force ? undefined : await place.holds(spec, period, key);
        if (there !== undefined)
          return { result: there, changed: false, detail: `${countText(there, "row")} already there` };
        await removeSuccess(lake, spec.id, period);
        const rows = await replace();
        return { result: rows, changed: true, detail: `${countText(rows, "row")} into ${tables[step]}` };
      });
    const warehouseRows = await load("warehouse", warehouse, () =>
      warehouse.replace(spec, period, key, { ...files.parquet, local }),
    );
    let databaseRows: number | null = null;
    if (database === undefined) steps.skip("database", "left out");
    else {
      databaseRows = await load("database", database, async () =>
        database.replace(spec, period, key, await rowsOf(context, await local(), files.parquet.rows)),
      );
    }

    const rejected = files.rejects?.rows ?? 0;
    // A manifest of a run without the database does not name it yet.
    const changed = steps.changed || (database !== undefined && held?.database === null);
    await steps.run("verify", async () => {
      if (changed) {
        verify({ rows: files.source.rows, rejected }, [
          await parquetHolding(context.engine, spec, await local()),
          await warehouse.holding(spec, period),
          ...(database === undefined ? [] : [await database.holding(spec, period)]),
        ]);
      }
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
        warehouse: { table: tables.warehouse, rows: warehouseRows },
        database: databaseRows === null ? null : { table: tables.database, rows: databaseRows },
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
        warehouse: warehouseRows,
        database: databaseRows,
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

/** The rows of a file of the lake, piece by piece, with progress on the way. */
async function rowsOf({ engine, reporter, spec, period }: PeriodContext, parquet: string, total: number) {
  const from = `read_parquet(${literal(parquet)}, hive_partitioning = false)`;
  const result = await engine.connection.stream(`SELECT * FROM ${from}`);
  let done = 0;
  return async () => {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return undefined;
    done += chunk.rowCount;
    reporter.progress(
      { dataset: spec.id, period: period.label, step: "database" },
      { done, total, unit: "rows" },
    );
    return chunk;
  };
}
