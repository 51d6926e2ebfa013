import { createHash } from "node:crypto";

/** Schedules without a time: the platform chooses it. */
export const shorthands = ["@monthly", "@weekly", "@daily", "@hourly"] as const;
export type Shorthand = (typeof shorthands)[number];

export function isShorthand(cron: string): cron is Shorthand {
  const known: readonly string[] = shorthands;
  return known.includes(cron);
}

/**
 * The five-field cron expression of a schedule. A shorthand gets its time from a hash of the data set's id: always the
 * same one, and one of thirty, so that many data sets do not start together.
 */
export function cronExpression(dataset: string, cron: string): string {
  if (!isShorthand(cron)) return cron.trim().split(/\s+/).join(" ");
  const { minute, hour } = timeOf(dataset);
  switch (cron) {
    case "@monthly":
      return `${minute} ${hour} 1 * *`;
    case "@weekly":
      return `${minute} ${hour} * * 1`;
    case "@daily":
      return `${minute} ${hour} * * *`;
    case "@hourly":
      return `${minute} * * * *`;
  }
}

/** Data sets with one time share a schedule: thirty keep a thousand data sets well within the quota of a region. */
const times = 30;

/** An even minute, and an hour from three to eight: clocks are changed before three, and a schedule can be skipped then. */
function timeOf(dataset: string): { readonly minute: number; readonly hour: number } {
  const slot = createHash("sha256").update(dataset).digest().readUInt32BE() % times;
  return { minute: slot * 2, hour: 3 + (slot % 6) };
}
