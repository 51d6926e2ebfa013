import { Cron } from "croner";
import { grainRules, type PeriodicGrain, type Schedule } from "../dataset";
import { ConfigurationError } from "../errors/faults";

/** Time allowed from the scheduled start until the period is complete, in seconds. */
const graceSeconds = 86_400;

/**
 * Time from the start of a period until its scheduled run must be complete, in seconds: the latest first run in any
 * period, plus one day.
 *
 * @throws ConfigurationError when the schedule does not run in every period: some periods would never be ingested
 */
export function latenessSeconds(
  dataset: string,
  grain: PeriodicGrain,
  { cron, timeZone }: Required<Schedule>,
): number {
  const key = `${grain} ${cron}`;
  const known = latest.get(key);
  if (known !== undefined) return known + graceSeconds;
  // A leap year in UTC, without daylight saving time: only the calendar matters.
  const periods = periodsOf2024(grain);
  const schedule = new Cron(cron, { paused: true, timezone: "Etc/UTC" });
  const delays = periods.map(({ start, end }) => {
    const fires = schedule.nextRun(new Date(start - 1000));
    if (fires === null || fires.getTime() >= end) {
      throw new ConfigurationError(`data set ${dataset}`, [
        `schedule.cron: "${cron}" (${timeZone}) does not run in every ${grain}, so some periods would never be ` +
          `ingested: it does not run in the ${grain} that starts on ${new Date(start).toISOString().slice(0, 10)}`,
      ]);
    }
    return (fires.getTime() - start) / 1000;
  });
  const seconds = Math.max(...delays);
  latest.set(key, seconds);
  return seconds + graceSeconds;
}

/** The periods that start in a leap year in UTC, without daylight saving time: only the calendar matters. */
function periodsOf2024(grain: PeriodicGrain): readonly { readonly start: number; readonly end: number }[] {
  const { containing, plus } = grainRules[grain];
  const starts: Date[] = [];
  let start = plus(containing(new Date(Date.UTC(2024, 0, 1) - 1)), 1);
  for (; start.getUTCFullYear() === 2024; start = plus(start, 1)) starts.push(start);
  return starts.map((one) => ({ start: one.getTime(), end: plus(one, 1).getTime() }));
}

/** The latest first run by grain and cron expression: of a thousand data sets, most have the schedule of another. */
const latest = new Map<string, number>();
