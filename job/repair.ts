import { stat } from "node:fs/promises";
import { parquetPath, Period, rejectsPath, specDigest, specVersion } from "../dataset";
import { asFailure, Failure } from "./failure";
import { countLines, sha256Of } from "./files";
import { type AuditContext, type Difference, knownPeriods } from "./audit";
import type { Lake } from "./lake/lake";
import { recordState, removeSuccess, writeManifest } from "./lake/manifest";
import { metadataOf } from "./lake/parquet-metadata";
import { type FileRecord, loadKey, type Manifest, type TableRecord } from "./records";
import type { Destinations } from "./steps/context";
import { lakeFileOf, publishedFile } from "./steps/lake-file";
import { type PeriodTable, periodTables, type TableContext } from "./steps/period-tables";
import { listed } from "./steps/verify";
import type { LakeFile } from "./warehouse/warehouse";

/** A difference that was repaired. */
export type Repaired = Difference;

/**
 * Reloads tables from the lake's files, and rewrites the lake's records from the files' metadata. Periods whose files
 * are missing from the lake are left as they are: they must be ingested again.
 *
 * @param run ID of this run, for the manifests that it writes
 * @param isDeep also compares values, and reloads tables whose values differ from the lake
 */
export async function repair(
  context: AuditContext,
  destinations: Destinations,
  run: string,
  isDeep: boolean,
): Promise<readonly Repaired[]> {
  const { spec } = context;
  const done: Repaired[] = [];
  for (const label of await knownPeriods(spec, destinations)) {
    const period = Period.parse(spec.grain, label);
    try {
      for (const [place, what] of await repairPeriod({ ...context, period }, destinations, run, isDeep)) {
        done.push({ dataset: spec.id, period: label, place, what });
      }
    } catch (error) {
      throw asFailure(error).at(`${spec.id} ${label}`);
    }
  }
  return done;
}

async function repairPeriod(
  context: TableContext,
  destinations: Destinations,
  run: string,
  isDeep: boolean,
): Promise<readonly (readonly [Repaired["place"], string])[]> {
  const { spec, period } = context;
  const { lake } = destinations;
  const record = await recordState(lake, spec.id, period);
  const isWhole = record.manifest !== undefined && (await holdsFiles(lake, record.manifest));
  const manifest = isWhole ? record.manifest : await manifestFromFiles(context, lake, run);
  // The file was created with another specification: its columns differ from those of the tables.
  if (manifest?.spec.digest !== specDigest(spec)) return [];
  const file = publishedFile(lake, manifest.parquet, context.scratch);
  const tables = periodTables(context, destinations, manifest.key, file);
  const lakeFile = lakeFileOf(context, file.local);
  const done: (readonly [Repaired["place"], string])[] = [];
  for (const table of listed(tables)) {
    const isRight = (await table.holds()) !== undefined && !(isDeep && (await differ(table, lakeFile)));
    if (isRight) continue;
    await removeSuccess(lake, spec.id, period);
    const rows = await table.replace();
    if (await differ(table, lakeFile)) {
      throw new Failure("integrity", `${table.name} still differs from the lake; run again with --force`);
    }
    done.push([table.step, `${rows} rows reloaded into ${table.name}`]);
  }
  const isComplete = record.fault === undefined && isWhole && done.length === 0;
  if (isComplete) return [];
  const tableOf = (table: PeriodTable | null): TableRecord | null =>
    table && { table: table.name, rows: manifest.parquet.rows };
  await writeManifest(
    lake,
    {
      ...manifest,
      run,
      warehouse: { table: tables.warehouse.name, rows: manifest.parquet.rows },
      database: tableOf(tables.database) ?? manifest.database,
    },
    period,
  );
  if (record.fault !== undefined || !isWhole) done.push(["lake", "manifest and success marker rewritten"]);
  return done;
}

async function differ(table: PeriodTable, file: LakeFile): Promise<boolean> {
  return (await table.differences(file)).length > 0;
}

async function holdsFiles(lake: Lake, { parquet, rejects }: Manifest): Promise<boolean> {
  return (await lake.holds(parquet)) && (rejects === null || (await lake.holds(rejects)));
}

/** Reconstructs the manifest from the period's files; undefined when the files do not belong together. */
async function manifestFromFiles(
  context: TableContext,
  lake: Lake,
  run: string,
): Promise<Manifest | undefined> {
  const { engine, spec, period, scratch } = context;
  const file = await localFile(lake, parquetPath(spec.id, period), scratch);
  if (file === undefined) return undefined;
  const found = await metadataOf(engine, file).catch(() => undefined);
  const { source, sourceSha256, sourceBytes, sourceRows } = found ?? {};
  if (found === undefined || source === undefined || sourceSha256 === undefined) return undefined;
  if (sourceBytes === undefined || sourceRows === undefined) return undefined;
  const key = loadKey(spec.id, period, sourceSha256, specDigest(spec));
  const rejectsFile = await localFile(lake, rejectsPath(spec.id, period), scratch);
  const rejected = rejectsFile === undefined ? 0 : await countLines(rejectsFile);
  // A run that was killed between the two writes may have left the rejects of another source.
  if (found.run !== key || found.rows + rejected !== sourceRows) return undefined;
  return {
    version: 1,
    key,
    run,
    dataset: spec.id,
    period: period.label,
    spec: { version: specVersion, digest: specDigest(spec) },
    source: { url: source, bytes: sourceBytes, sha256: sourceSha256, rows: sourceRows },
    parquet: await recordOf(file, parquetPath(spec.id, period), found.rows),
    rejects:
      rejectsFile === undefined ? null : await recordOf(rejectsFile, rejectsPath(spec.id, period), rejected),
    warehouse: { table: "", rows: found.rows },
    database: null,
    steps: [],
    finishedAt: new Date().toISOString(),
  };
}

/** A local path of a file of the lake; undefined when the file does not exist. */
async function localFile(lake: Lake, path: string, scratch: string): Promise<string | undefined> {
  const slash = path.lastIndexOf("/") + 1;
  if (!(await lake.names(path.slice(0, slash))).includes(path.slice(slash))) return undefined;
  // Updates the generation that the lake remembers.
  const record = { path, bytes: 0, sha256: "", rows: 0 };
  await lake.holds(record);
  return lake.local(record, scratch);
}

async function recordOf(file: string, path: string, rows: number): Promise<FileRecord> {
  return { path, bytes: (await stat(file)).size, sha256: await sha256Of(file), rows };
}
