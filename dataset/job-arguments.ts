/** Command-line arguments of the ingest job, and the variables with which Cloud Run tells tasks apart. */

export const runSubcommand = "run";
export const datasetOption = "--dataset";
export const periodOption = "--period";
export const fromOption = "--from";
export const toOption = "--to";

/** The periods of an execution: one or more, separated by commas, or all from one to another. */
export type PeriodArguments = { readonly periods: string } | { readonly from: string; readonly to: string };

/**
 * Arguments for ingesting periods of a data set.
 *
 * @param dataset id of the data set, or an expression that evaluates to one
 * @param periods labels, or expressions that evaluate to them
 */
export function runArguments(dataset: string, periods: PeriodArguments): string[] {
  const which =
    "periods" in periods ? [periodOption, periods.periods] : [fromOption, periods.from, toOption, periods.to];
  return [runSubcommand, datasetOption, dataset, ...which];
}

/** One of several tasks of an execution. */
export interface TaskPlace {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Name of the execution, the same for all its tasks. */
  readonly execution: string;
}

/** Variables that Cloud Run sets in each task. https://cloud.google.com/run/docs/container-contract#env-vars */
export const taskVariables = {
  index: "CLOUD_RUN_TASK_INDEX",
  count: "CLOUD_RUN_TASK_COUNT",
  execution: "CLOUD_RUN_EXECUTION",
} as const;
