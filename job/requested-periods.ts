import { Period, type DatasetSpec, type TaskPlace } from "../dataset";
import { messageOf } from "../errors/thrown";
import { Failure } from "./failure";

/** The options that select periods. */
export interface PeriodSelection {
  readonly period?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/**
 * The periods to ingest, in order, without duplicates. Of several tasks, the nth ingests the nth selected period, and
 * every further one at the distance of the number of tasks: no two tasks have a period in common, whatever the attempt,
 * and a task may have none.
 *
 * @param today for the check that a period has begun
 * @param task @default - this process ingests all periods
 * @throws Failure permanent when no period is selected, one is not valid, or one of this task is out of range
 */
export function requestedPeriods(
  spec: DatasetSpec,
  selection: PeriodSelection,
  today: Date,
  task?: TaskPlace,
): Period[] {
  const single = (selection.period ?? []).flatMap((text) => text.split(","));
  if (single.length > 0 && (selection.from !== undefined || selection.to !== undefined)) {
    throw usage(spec, "use either --period, or --from and --to");
  }
  const periods = single.length > 0 ? single.map((text) => parse(spec, text.trim())) : range(spec, selection);
  const unique = [...new Map(periods.map((period) => [period.label, period])).values()];
  const own = task === undefined ? unique : unique.filter((_, index) => index % task.count === task.index);
  own.sort((a, b) => (a.isBefore(b) ? -1 : 1));
  const faults = own.flatMap((period) => outOfRange(spec, period, today));
  const [first, ...others] = faults;
  if (first === undefined) return own;
  const more =
    others.length === 0 ? "" : ` (and ${others.length} other ${others.length === 1 ? "period" : "periods"})`;
  throw usage(spec, `${first}${more}`);
}

function range(spec: DatasetSpec, { from, to }: PeriodSelection): Period[] {
  if (spec.grain === "once" && from === undefined && to === undefined) return [Period.once];
  if (from === undefined || to === undefined) {
    const example = spec.grain === "once" ? Period.once.label : spec.firstPeriod;
    throw usage(spec, `specify the periods: --period ${example}, or --from ${example} --to ${example}`);
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
    return [`period ${period.label} is out of range: the first period is ${first.label}`];
  }
  if (last?.isBefore(period) === true) {
    return [`period ${period.label} is out of range: the last period is ${last.label}`];
  }
  return Period.containing(spec.grain, today).isBefore(period)
    ? [`period ${period.label} is out of range: it has not started`]
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
