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
import { lakeFileOf } from "./steps/lake-file";
import { periodTables, type TableContext } from "./steps/period-tables";
import { listed } from "./steps/verify";

/** Something that is not as the records say. */
export interface Difference {
  readonly dataset: string;
  readonly period: string;
  readonly place: "lake" | "warehouse" | "database";
  /** One sentence. */
  readonly what: string;
}

export interface Audit {
  /** How many periods were looked at. */
  readonly periods: number;
  readonly differences: readonly Difference[];
}

/** What an audit of one data set needs to know. */
export type AuditContext = Omit<TableContext, "period">;

/**
 * Holds everything that there is of a data set against its records: manifests and success markers, the lake's files
 * byte for byte, the tables' ledgers and numbers of rows. Nothing is written.
 *
 * @param isDeep compares the tables with the lake value by value, too
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

/** Periods that the lake or a table has ever heard of, in order. */
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
  const tables = periodTables(context, destinations, manifest.key, manifest.parquet);
  const isComparable = isDeep && files.length === 0 && manifest.spec.digest === specDigest(spec);
  const lakeFile = lakeFileOf(context, () => lake.local(manifest.parquet, context.scratch));
  if (isComparable) {
    const { run } = await metadataOf(context.engine, await lakeFile.local());
    if (run !== manifest.key) {
      found.push([
        "lake",
        `${manifest.parquet.path} says that it was made from ${run ?? "nothing"}, its manifest says ${manifest.key}`,
      ]);
    }
  }
  for (const table of listed(tables)) {
    const expected = manifest[table.step];
    if (expected === null) continue;
    const held = await table.holds();
    if (held === undefined) {
      found.push([table.step, `${table.name} does not hold the ${expected.rows} rows of ${manifest.key}`]);
    } else if (held !== expected.rows) {
      found.push([table.step, `${table.name} holds ${held} rows, the manifest says ${expected.rows}`]);
    } else if (isComparable) {
      found.push(...(await table.differences(lakeFile)).map((what) => [table.step, what] as const));
    }
  }
  return found;
}

/** Files of the period that are not as its manifest says, or that it does not know. */
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
        `${file.path} is missing, or has not the ${file.bytes} bytes and the hash that its manifest names`,
      );
    }
  }
  if (manifest.key !== loadKey(spec.id, period, manifest.source.sha256, manifest.spec.digest)) {
    faults.push(`${manifestPath(spec.id, period)} has the key of other data: ${manifest.key}`);
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
        faults.push(`${folderOf(path)}${name} is no file of the manifest`);
      }
    }
  }
  return faults;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
