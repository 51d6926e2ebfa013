import { datasetPrefix, hiveKeys, Period, type DatasetSpec } from "../dataset";
import type { Lake } from "./lake/lake";
import { readManifest } from "./lake/manifest";
import type { Manifest } from "./records";

/** What the lake says of one period. */
export interface PeriodStatus {
  readonly dataset: string;
  readonly period: string;
  /** False when a run began to replace it and did not finish: run it again. */
  readonly complete: boolean;
  readonly manifest: Manifest | undefined;
}

/** All periods of the data sets that have ever reached the lake, in order. */
export async function periodStatuses(lake: Lake, specs: Iterable<DatasetSpec>): Promise<PeriodStatus[]> {
  const found: PeriodStatus[] = [];
  for (const spec of specs) {
    for (const period of await periodsIn(lake, spec)) {
      const manifest = await readManifest(lake, spec.id, period);
      found.push({ dataset: spec.id, period: period.label, complete: manifest !== undefined, manifest });
    }
  }
  return found;
}

/** Periods that have a folder under `raw/`, read from its names: `year=2019/month=01`. */
async function periodsIn(lake: Lake, spec: DatasetSpec): Promise<Period[]> {
  const keys = hiveKeys(spec.grain);
  let folders = [{ path: datasetPrefix("raw", spec.id), values: [] as readonly string[] }];
  for (const key of keys) {
    const next = await Promise.all(
      folders.map(async ({ path, values }) =>
        (await lake.names(path))
          .filter((name) => name.startsWith(`${key}=`))
          .map((name) => ({ path: `${path}${name}/`, values: [...values, name.slice(key.length + 1)] })),
      ),
    );
    folders = next.flat();
  }
  if (spec.grain === "once")
    return (await lake.names(datasetPrefix("raw", spec.id))).length > 0 ? [Period.once] : [];
  const labels = folders.map(({ values }) => values.join("-")).sort();
  return labels.map((label) => Period.parse(spec.grain, label));
}
