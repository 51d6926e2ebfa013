import { Cron } from "croner";
import type { DatasetSpec } from "../dataset";

/** How long after its schedule has fired a period may take to be complete, in seconds. */
const graceSeconds = 86_400;

/**
 * How long after a period has begun its schedule's work must be done, in seconds: until the schedule fires for the
 * first time in any period, and a day more.
 *
 * @throws Error when the schedule does not fire in every period, so that some would never be ingested
 */
export function latenessSeconds(
  dataset: string,
  grain: "month" | "day",
  { cron, timeZone }: NonNullable<Required<DatasetSpec>["schedule"]>,
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
      throw new Error(
        `data set ${dataset}: its schedule "${cron}" (${timeZone}) does not fire in every ${grain}, so that some ` +
          `periods would never be ingested: none in the ${grain} from ${new Date(start).toISOString().slice(0, 10)}`,
      );
    }
    return (fires.getTime() - start) / 1000;
  });
  return Math.max(...delays) + graceSeconds;
}
