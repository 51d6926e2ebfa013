import type { DatasetSpec } from "../dataset";
import type { Lake } from "./lake/lake";
import { readManifest } from "./lake/manifest";
import { periodsBelow } from "./lake/periods";
import type { Manifest } from "./records";

/** Status of one period in the lake. */
export interface PeriodStatus {
  readonly dataset: string;
  readonly period: string;
  /** False when a run started to replace the period and did not finish. */
  readonly complete: boolean;
  readonly manifest: Manifest | undefined;
}

/** All periods of the data sets that have files in the lake, in order. */
export async function periodStatuses(lake: Lake, specs: Iterable<DatasetSpec>): Promise<PeriodStatus[]> {
  const found: PeriodStatus[] = [];
  for (const spec of specs) {
    for (const period of await periodsBelow(lake, spec, "raw")) {
      const manifest = await readManifest(lake, spec.id, period);
      found.push({ dataset: spec.id, period: period.label, complete: manifest !== undefined, manifest });
    }
  }
  return found;
}
