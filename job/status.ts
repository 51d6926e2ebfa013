import { Cron } from "croner";
import { cronExpression, type DatasetSpec, Period } from "../dataset";
import type { Lake } from "./lake/lake";
import { readManifest } from "./lake/manifest";
import { periodsBelow } from "./lake/periods";
import type { Manifest } from "./records";

/** Status of one period in the lake. */
export interface PeriodStatus {
  readonly dataset: string;
  readonly period: string;
  /** False when a run started to replace the period and did not finish, or when the warehouse does not have it. */
  readonly complete: boolean;
  /** Why a period is not complete. @default - it is */
  readonly fault?: "incomplete" | "not in the warehouse";
  readonly manifest: Manifest | undefined;
}

/** Periods that are not in the lake. */
export interface MissingPeriods {
  readonly dataset: string;
  readonly kind: "gap" | "overdue";
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** When the last of them was due, in UTC. @default - between ingested periods, none is due */
  readonly since?: string;
}

export interface Status {
  readonly periods: readonly PeriodStatus[];
  readonly missing: readonly MissingPeriods[];
}

/** Periods in the warehouse's ledger by data set; undefined if it cannot be read, or is not on this machine. */
export type Ledger = ReadonlyMap<string, ReadonlySet<string>> | undefined;

/** All periods of the data sets that have files in the lake, in order, and those that are missing between or after them. */
export async function statusOf(
  lake: Lake,
  specs: Iterable<DatasetSpec>,
  { ledger, now }: { readonly ledger: Ledger; readonly now: Date },
): Promise<Status> {
  const periods: PeriodStatus[] = [];
  const missing: MissingPeriods[] = [];
  for (const spec of specs) {
    const found = await periodsBelow(lake, spec, "raw");
    for (const period of found) {
      const manifest = await readManifest(lake, spec.id, period);
      const isLoaded = ledger === undefined || ledger.get(spec.id)?.has(period.label) === true;
      const fault = manifest === undefined ? "incomplete" : isLoaded ? undefined : "not in the warehouse";
      periods.push({
        dataset: spec.id,
        period: period.label,
        complete: fault === undefined,
        ...(fault && { fault }),
        manifest,
      });
    }
    missing.push(...gaps(spec, found), ...overdue(spec, found, now));
  }
  return { periods, missing };
}

/** Periods between those in the lake. */
function gaps(spec: DatasetSpec, found: readonly Period[]): MissingPeriods[] {
  return found.flatMap((period, index) => {
    const next = found[index + 1];
    if (next === undefined || !period.plus(1).isBefore(next)) return [];
    return [missingFrom(spec, "gap", period.plus(1), next.plus(-1))];
  });
}

/** Periods after the last one in the lake that the schedule should have ingested. Of a new data set, nothing is overdue. */
function overdue(spec: DatasetSpec, found: readonly Period[], now: Date): MissingPeriods[] {
  const last = found.at(-1);
  if (last === undefined || spec.grain === "once" || spec.schedule === undefined || spec.retired === true)
    return [];
  const { cron, timeZone, periodsBehind } = spec.schedule;
  const times = new Cron(cronExpression(spec.id, cron), { paused: true, timezone: timeZone });
  const [started] = times.previousRuns(1, now);
  if (started === undefined) return [];
  const scheduled = Period.containing(spec.grain, started).plus(-periodsBehind);
  const end = spec.lastPeriod === undefined ? undefined : Period.parse(spec.grain, spec.lastPeriod);
  const due = end?.isBefore(scheduled) === true ? end : scheduled;
  if (!last.isBefore(due)) return [];
  return [{ ...missingFrom(spec, "overdue", last.plus(1), due), since: started.toISOString().slice(0, 10) }];
}

function missingFrom(
  { id }: DatasetSpec,
  kind: MissingPeriods["kind"],
  from: Period,
  to: Period,
): MissingPeriods {
  return { dataset: id, kind, from: from.label, to: to.label, count: Period.range(from, to).length };
}
