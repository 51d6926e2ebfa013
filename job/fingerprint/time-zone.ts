/** Offset of a time zone from UTC in microseconds, at a local time. */
export type OffsetAt = (localSeconds: number) => number;

/**
 * Like Postgres and DuckDB, reads a local time that occurs twice as the later one, and one that is skipped as if the
 * clocks had not been put forward yet.
 */
export function localOffsets(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  /** Offset in seconds at a point in time. */
  const offset = (instant: number): number => {
    const parts = new Map(
      format.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const local = new Date(
      Date.UTC(2000, part("month") - 1, part("day"), part("hour"), part("minute"), part("second")),
    );
    local.setUTCFullYear(part("year"));
    return local.getTime() / 1000 - instant;
  };
  const known = new Map<number, number>();
  return (localSeconds) => {
    // Clocks change at a multiple of 15 minutes; before 1972, local mean times have odd seconds.
    const key = Math.floor(localSeconds / 900);
    const isModern = localSeconds > modern;
    const cached = isModern ? known.get(key) : undefined;
    if (cached !== undefined) return cached;
    const [before, after] = [offset(localSeconds - day), offset(localSeconds + day)];
    const isValid = (candidate: number) => offset(localSeconds - candidate) === candidate;
    const valid = [before, after].filter(isValid);
    const found = (valid.length === 0 ? before : Math.min(...valid)) * 1e6;
    if (isModern) {
      if (known.size > maxKnown) known.clear();
      known.set(key, found);
    }
    return found;
  };
}

const day = 86_400;
const modern = Date.UTC(1972, 0, 1) / 1000;
const maxKnown = 100_000;
