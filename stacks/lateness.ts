import { Cron } from "croner";
import type { PeriodicGrain, Schedule } from "../dataset";
import { ConfigurationError } from "../errors/faults";

/** How long after its schedule has fired a period may take to be complete, in seconds. */
const graceSeconds = 86_400;

/**
 * How long after a period has begun its schedule's work must be done, in seconds: until the schedule fires for the
 * first time in any period, and a day more.
 *
 * @throws ConfigurationError when the schedule does not fire in every period, so that some would never be ingested
 */
export function latenessSeconds(
  dataset: string,
  grain: PeriodicGrain,
  { cron, timeZone }: Required<Schedule>,
): number {
  // A leap year, by clocks without summer time: what matters is the calendar.
  const periods =
    grain === "month"
      ? Array.from({ length: 12 }, (_, month) => ({
          start: Date.UTC(2024, month),
          end: Date.UTC(2024, month + 1),
        }))
      : Array.from({ length: 366 }, (_, day) => ({
          start: Date.UTC(2024, 0, 1 + day),
          end: Date.UTC(2024, 0, 2 + day),
        }));
  const schedule = new Cron(cron, { paused: true, timezone: "Etc/UTC" });
  const delays = periods.map(({ start, end }) => {
    const fires = schedule.nextRun(new Date(start - 1000));
    if (fires === null || fires.getTime() >= end) {
      throw new ConfigurationError(`data set ${dataset}`, [
        `schedule.cron: "${cron}" (${timeZone}) does not run in every ${grain}, so that some periods would never be ` +
          `ingested: it does not run in the ${grain} that starts on ${new Date(start).toISOString().slice(0, 10)}`,
      ]);
    }
    return (fires.getTime() - start) / 1000;
  });
  return Math.max(...delays) + graceSeconds;
}
