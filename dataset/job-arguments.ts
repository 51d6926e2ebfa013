/** The arguments that the ingest job is started with. */

export const runSubcommand = "run";
export const periodOption = "--period";

/**
 * Arguments that ingest one period.
 *
 * @param period its label, or an expression that becomes one. @default - the job says which periods there are to choose
 */
export function runArguments(period?: string): string[] {
  return period === undefined ? [runSubcommand] : [runSubcommand, periodOption, period];
}
