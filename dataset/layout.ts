import { grainRules, type PeriodPart } from "./grain";
import { type Grain, Period } from "./period";

/** Paths in the data lake, shared by the stacks that refer to them and the job that writes them. */

/** Prefixes of the lake that have a folder per data set. */
export const lakePrefixes = ["landing", "raw", "rejects", "manifests"] as const;
export type LakePrefix = (typeof lakePrefixes)[number];

/** Folder of the transform job in the lake: its lock, its state, and the artifacts of dbt. */
export const transformFolder = "transforms/";

/** Folder of the artifacts of former executions of the transform job, one folder per execution. */
export const transformRuns = `${transformFolder}runs/`;

/** Folder of a data set under a prefix: `raw/yellow_tripdata/`. */
export function datasetPrefix(prefix: LakePrefix, dataset: string): string {
  return `${prefix}/${dataset}/`;
}

/** Keys of the Hive partition folders (`key=value`) between a data set and its files. */
export function hiveKeys(grain: Grain): readonly PeriodPart[] {
  return grain === "once" ? [] : grainRules[grain].parts;
}

/** The period in folders with these values of `hiveKeys`. @throws RangeError as `Period.parse` does */
export function periodIn(grain: Grain, values: readonly string[]): Period {
  return grain === "once" ? Period.once : Period.parse(grain, grainRules[grain].joined(values));
}

/** The period's Parquet file: `raw/yellow_tripdata/year=2019/month=01/yellow_tripdata_2019-01.parquet`. */
export function parquetPath(dataset: string, period: Period): string {
  return `${periodFolder("raw", dataset, period)}${baseName(dataset, period)}.parquet`;
}

/** The period's rejected lines, one JSON object per line. */
export function rejectsPath(dataset: string, period: Period): string {
  return `${periodFolder("rejects", dataset, period)}${baseName(dataset, period)}.jsonl`;
}

/** The record of the period's last successful run. */
export function manifestPath(dataset: string, period: Period): string {
  return `${periodFolder("manifests", dataset, period)}manifest.json`;
}

/** The success marker of the period; it contains the manifest's sha256. */
export function successPath(dataset: string, period: Period): string {
  return `${periodFolder("manifests", dataset, period)}_SUCCESS`;
}

/** The period's ledger entry for a warehouse that keeps no ledger itself. */
export function warehouseLedgerPath(dataset: string, period: Period): string {
  return `${periodFolder("manifests", dataset, period)}warehouse.json`;
}

/**
 * Folder of an execution whose tasks stop: each period with an integrity failure or schema drift leaves an object there,
 * and no further period is started. It expires with the rejects.
 */
export function stopFolder(dataset: string, execution: string): string {
  return `${datasetPrefix("rejects", dataset)}_stopped/${execution}/`;
}

/** `successPath` with a placeholder for each part of the period: `{year}`, `{month}`. */
export function successTemplate(dataset: string, grain: Grain): string {
  const folders = hiveKeys(grain).map((key) => `${key}={${key}}/`);
  return `${datasetPrefix("manifests", dataset)}${folders.join("")}_SUCCESS`;
}

function periodFolder(prefix: LakePrefix, dataset: string, period: Period): string {
  const folders = hiveKeys(period.grain).map((key) => `${key}=${period.part(key)}/`);
  return datasetPrefix(prefix, dataset) + folders.join("");
}

function baseName(dataset: string, period: Period): string {
  return period.grain === "once" ? dataset : `${dataset}_${period.label}`;
}
