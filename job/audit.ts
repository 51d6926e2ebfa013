import {
  type DatasetSpec,
  type LakePrefix,
  manifestPath,
  parquetPath,
  Period,
  rejectsPath,
  specDigest,
  successPath,
} from "../dataset";
import { recordState } from "./lake/manifest";
import { metadataOf } from "./lake/parquet-metadata";
import { periodsBelow } from "./lake/periods";
import { loadKey, type FileRecord, type Manifest } from "./records";
import type { Destinations } from "./steps/context";
import { lakeFileOf, publishedFile } from "./steps/lake-file";
import { periodTables, type TableContext } from "./steps/period-tables";
import { listed } from "./steps/verify";

/** A difference between a destination and its records. */
export interface Difference {
  readonly dataset: string;
  readonly period: string;
  readonly place: "lake" | "warehouse" | "database";
  /** One sentence. */
  readonly what: string;
}

export interface Audit {
  /** Number of periods that were verified. */
  readonly periods: number;
  readonly differences: readonly Difference[];
}

/** What the audit of one data set requires. */
export type AuditContext = Omit<TableContext, "period">;

/**
 * Compares all data of a data set with its records: manifests and success markers, the lake's files byte for byte, and
 * the tables' ledgers and numbers of rows. It writes nothing.
 *
 * @param isDeep also compares the tables with the lake value by value
 */
export async function audit(
  context: AuditContext,
  destinations: Destinations,
  isDeep: boolean,
): Promise<Audit> {
  const { spec } = context;
  const labels = await knownPeriods(spec, destinations);
  const found: Difference[] = [];
  for (const label of labels) {
    const period = Period.parse(spec.grain, label);
    const differences = await auditPeriod({ ...context, period }, destinations, isDeep);
    found.push(...differences.map(([place, what]) => ({ dataset: spec.id, period: label, place, what })));
  }
  return { periods: labels.length, differences: found };
}

/** Periods with files in the lake or entries in a ledger, in order. */
export async function knownPeriods(
  spec: DatasetSpec,
  { lake, warehouse, database }: Destinations,
): Promise<readonly string[]> {
  const prefixes: readonly LakePrefix[] = ["raw", "rejects", "manifests"];
  const inLake = await Promise.all(prefixes.map((prefix) => periodsBelow(lake, spec, prefix)));
  const inTables = [await warehouse.periods(spec), (await database?.periods(spec)) ?? []];
  return [...new Set([...inLake.flat().map(({ label }) => label), ...inTables.flat()])].sort();
}

type Found = readonly [place: Difference["place"], what: string];

async function auditPeriod(
  context: TableContext,
  destinations: Destinations,
  isDeep: boolean,
): Promise<readonly Found[]> {
  const { spec, period } = context;
  const { lake } = destinations;
  const record = await recordState(lake, spec.id, period);
  if (record.manifest === undefined) return [["lake", record.fault]];
  const { manifest } = record;
  const files = await fileFaults(spec, period, destinations, manifest);
  const found: Found[] = [
    ...(record.fault === undefined ? [] : ([["lake", record.fault]] as const)),
    ...files.map((what) => ["lake", what] as const),
  ];
  const file = publishedFile(lake, manifest.parquet, context.scratch);
  const tables = periodTables(context, destinations, manifest.key, file);
  const isComparable = isDeep && files.length === 0 && manifest.spec.digest === specDigest(spec);
  const lakeFile = lakeFileOf(context, file.local);
  if (isComparable) {
    const { run } = await metadataOf(context.engine, await lakeFile.local());
    if (run !== manifest.key) {
      found.push([
        "lake",
        `${manifest.parquet.path} was created from ${run ?? "an unknown source"}, but its manifest records ${manifest.key}`,
      ]);
    }
  }
  for (const table of listed(tables)) {
    const expected = manifest[table.step];
    if (expected === null) continue;
    const held = await table.holds();
    if (held === undefined) {
      found.push([table.step, `${table.name} does not contain the ${expected.rows} rows of ${manifest.key}`]);
    } else if (held !== expected.rows) {
      found.push([table.step, `${table.name} has ${held} rows, but the manifest records ${expected.rows}`]);
    } else if (isComparable) {
      found.push(...(await table.differences(lakeFile)).map((what) => [table.step, what] as const));
    }
  }
  return found;
}

/** Files of the period that differ from the manifest, or that are not in it. */
async function fileFaults(
  spec: DatasetSpec,
  period: Period,
  { lake }: Destinations,
  manifest: Manifest,
): Promise<string[]> {
  const files: readonly FileRecord[] =
    manifest.rejects === null ? [manifest.parquet] : [manifest.parquet, manifest.rejects];
  const faults: string[] = [];
  for (const file of files) {
    if (!(await lake.holds(file))) {
      faults.push(
        `${file.path} is missing, or does not have the size (${file.bytes} bytes) and hash that its manifest records`,
      );
    }
  }
  if (manifest.key !== loadKey(spec.id, period, manifest.source.sha256, manifest.spec.digest)) {
    faults.push(
      `${manifestPath(spec.id, period)} has a key that does not match its source and specification: ${manifest.key}`,
    );
  }
  const known = [
    ...files.map(({ path }) => path),
    ...[manifestPath(spec.id, period), successPath(spec.id, period)],
    `${folderOf(manifestPath(spec.id, period))}warehouse.json`,
  ];
  for (const path of [
    parquetPath(spec.id, period),
    rejectsPath(spec.id, period),
    manifestPath(spec.id, period),
  ]) {
    for (const name of await lake.names(folderOf(path))) {
      const isFile = !name.includes("=");
      if (isFile && !known.includes(folderOf(path) + name)) {
        faults.push(`${folderOf(path)}${name} is not in the manifest`);
      }
    }
  }
  return faults;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
