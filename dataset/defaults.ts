/** Default values of a schedule. */
export const scheduleDefaults = {
  timeZone: "Etc/UTC",
  /** The period that has just ended. */
  periodsBehind: 1,
} as const;
