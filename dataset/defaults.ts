/** What a schedule means where the data set does not say. */
export const scheduleDefaults = {
  timeZone: "Etc/UTC",
  /** The period that has just ended. */
  periodsBehind: 1,
} as const;
