import { Period, type DatasetSpec, type TaskPlace } from "../dataset";
import { messageOf } from "../errors/thrown";
import { Failure } from "./failure";

/** Which periods the user asked for. */
export interface Asked {
  readonly period?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/**
 * The periods to ingest, in order, each once. Of several tasks, the nth ingests the nth period as they were asked for,
 * and every further one at the distance of the number of tasks: no two tasks have a period in common, whatever the
 * attempt, and a task may have none.
 *
 * @param today for the check that a period has begun
 * @param task @default - this process ingests all of them
 * @throws Failure permanent when nothing is asked for, a period is malformed, or one of this task is none of the data
 *   set's
 */
export function requestedPeriods(spec: DatasetSpec, asked: Asked, today: Date, task?: TaskPlace): Period[] {
  const single = (asked.period ?? []).flatMap((text) => text.split(","));
  if (single.length > 0 && (asked.from !== undefined || asked.to !== undefined)) {
    throw usage(spec, "use either --period or --from and --to");
  }
  const periods = single.length > 0 ? single.map((text) => parse(spec, text.trim())) : range(spec, asked);
  const unique = [...new Map(periods.map((period) => [period.label, period])).values()];
  const own = task === undefined ? unique : unique.filter((_, index) => index % task.count === task.index);
  own.sort((a, b) => (a.isBefore(b) ? -1 : 1));
  const faults = own.flatMap((period) => outOfRange(spec, period, today));
  if (faults.length > 0) throw usage(spec, faults.join("; "));
  return own;
}

function range(spec: DatasetSpec, { from, to }: Asked): Period[] {
  if (spec.grain === "once" && from === undefined && to === undefined) return [Period.once];
  if (from === undefined || to === undefined) {
    const example = spec.grain === "once" ? Period.once.label : spec.firstPeriod;
    throw usage(spec, `say which: --period ${example}, or --from ${example} --to ${example}`);
  }
  try {
    return Period.range(parse(spec, from), parse(spec, to));
  } catch (error) {
    throw error instanceof Failure ? error : usage(spec, messageOf(error));
  }
}

function outOfRange(spec: DatasetSpec, period: Period, today: Date): string[] {
  if (spec.grain === "once") return [];
  const first = Period.parse(spec.grain, spec.firstPeriod);
  const last = spec.lastPeriod === undefined ? undefined : Period.parse(spec.grain, spec.lastPeriod);
  if (period.isBefore(first)) {
    return [`period ${period.label} is out of range: the data set begins with ${first.label}`];
  }
  if (last?.isBefore(period) === true) {
    return [`period ${period.label} is out of range: the data set ends with ${last.label}`];
  }
  return Period.containing(spec.grain, today).isBefore(period)
    ? [`period ${period.label} is out of range: it has not begun`]
    : [];
}

function parse(spec: DatasetSpec, text: string): Period {
  try {
    return Period.parse(spec.grain, text);
  } catch (error) {
    throw usage(spec, messageOf(error));
  }
}

function usage(spec: DatasetSpec, message: string): Failure {
  return new Failure("permanent", `${spec.id}: ${message}`);
}
