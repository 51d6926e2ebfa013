/** Command-line arguments of the ingest job. */

export const runSubcommand = "run";
export const periodOption = "--period";

/**
 * Arguments for ingesting one period.
 *
 * @param period label of the period, or an expression that evaluates to one.
 *   @default - none: the job lists the periods to choose from
 */
export function runArguments(period?: string): string[] {
  return period === undefined ? [runSubcommand] : [runSubcommand, periodOption, period];
}
