import { Cron } from "croner";
import { cronExpression, type DatasetSpec, Period, type Variables } from "../../dataset";
import { statusOf } from "../status";
import { table } from "../text";
import { allSpecs, specificationsFrom, warnOfBroken } from "./dataset";
import { openLake } from "./open-lake";

export interface ListOptions {
  readonly home: string;
  readonly json?: boolean;
}

interface Listed {
  readonly dataset: string;
  readonly grain: string;
  /** Number of complete periods. */
  readonly complete: number;
  /** Number of periods from the first one to the one that is due, both included. */
  readonly due: number;
  /** The first periods that are due and not complete. */
  readonly missing: readonly string[];
  /** When the next scheduled run starts; null without a schedule. */
  readonly next: string | null;
}

/** `ingest list`: data sets, which of their periods are due, and the next run of their schedules. */
export async function listCommand(options: ListOptions, variables: Variables): Promise<void> {
  const specs = await allSpecs(specificationsFrom(variables), warnOfBroken);
  const lake = await openLake(options.home, variables);
  const now = new Date();
  const { periods: statuses } = await statusOf(lake, specs, { ledger: undefined, now });
  const listed = specs.map((spec) => {
    const complete = new Set(
      statuses.filter((one) => one.dataset === spec.id && one.complete).map(({ period }) => period),
    );
    return listedOf(spec, complete, now);
  });
  process.stdout.write(`${options.json === true ? JSON.stringify(listed) : listTable(listed)}\n`);
}

function listedOf(spec: DatasetSpec, complete: ReadonlySet<string>, now: Date): Listed {
  const due = duePeriods(spec, now);
  return {
    dataset: spec.id,
    grain: spec.retired === true ? "retired" : spec.grain,
    complete: complete.size,
    due: due.length,
    missing: due.filter((period) => !complete.has(period)).slice(0, maxMissing),
    next: nextRun(spec, now),
  };
}

const maxMissing = 1000;

/** Labels of the periods that are due: those that have ended, and are published according to the schedule. */
function duePeriods(spec: DatasetSpec, now: Date): readonly string[] {
  if (spec.retired === true) return [];
  if (spec.grain === "once") return [Period.once.label];
  const first = Period.parse(spec.grain, spec.firstPeriod);
  const behind = spec.schedule?.periodsBehind ?? 1;
  const latest = Period.containing(spec.grain, now).plus(-behind);
  const last = spec.lastPeriod === undefined ? undefined : Period.parse(spec.grain, spec.lastPeriod);
  const end = last?.isBefore(latest) === true ? last : latest;
  return end.isBefore(first) ? [] : Period.range(first, end).map(({ label }) => label);
}

function nextRun({ id, schedule, retired }: DatasetSpec, now: Date): string | null {
  if (schedule === undefined || retired === true) return null;
  const cron = new Cron(cronExpression(id, schedule.cron), { paused: true, timezone: schedule.timeZone });
  return cron.nextRun(now)?.toISOString() ?? null;
}

function listTable(listed: readonly Listed[]): string {
  if (listed.length === 0)
    return "The catalog is empty. To add a data set: npm run ingest -- draft <file or URL>";
  const rows = listed.map(({ dataset, grain, complete, due, missing, next }) => [
    dataset,
    grain,
    String(complete),
    String(due),
    missing.length === 0
      ? "none"
      : missing.length === 1
        ? (missing[0] ?? "")
        : `${missing[0] ?? ""} … ${missing.at(-1) ?? ""}`,
    next === null ? "none" : next.slice(0, 16).replace("T", " "),
  ]);
  return table([["data set", "grain", "complete", "due", "missing", "next run (UTC)"], ...rows]);
}
