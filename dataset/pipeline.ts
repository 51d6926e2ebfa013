import { allExitCodes, type Reaction } from "./exit-code";
import { datasetOption, fromOption, runArguments, toOption } from "./job-arguments";

/** A pipeline, whatever runs it: Google Workflows (`workflows/`) or Airflow (`dag-catalog.ts`) do the same. */
export interface Pipeline {
  /** Id of the project of its jobs. */
  readonly project: string;
  /** Region of its jobs. */
  readonly location: string;
  /** How many periods of a data set are ingested at the same time. */
  readonly parallelPeriods: number;
  /** The job that builds the models from what was ingested. @default - none: nothing follows the ingestion */
  readonly transform?: TransformJob;
}

/** The transform job, and where it leaves what became of a run. */
export interface TransformJob {
  /** Name of the Cloud Run job. */
  readonly job: string;
  /** Name of the bucket with the folder `transforms/runs/<execution>/` of each execution. */
  readonly artifacts: string;
}

/** Seconds from one look at a resource to the next: first, then twice as long each time, up to the longest. */
export interface Looks {
  readonly first: number;
  readonly longest: number;
}

/** When a request is sent again, and after how many seconds. */
export interface RequestRetries {
  /** Status codes that are transient. */
  readonly codes: readonly number[];
  /** Requests after the first one. */
  readonly retries: number;
  readonly first: number;
  readonly longest: number;
  readonly factor: number;
}

/** How a pipeline waits, and when it gives up. */
export const pipelineRules = {
  /** Tasks of one execution. https://cloud.google.com/run/quotas */
  maxPeriods: 10_000,
  /** Rounds in which periods with a transient error are ingested. */
  rounds: 3,
  /** Seconds before the second round, and how much longer the next one waits. */
  rest: { first: 60, factor: 4 },
  execution: { first: 15, longest: 60 },
  transfer: { first: 15, longest: 120 },
  /** How often a transfer is started that is running already. */
  transferStarts: 3,
  /** Failures that the result lists; of the others, it has the number. */
  maxFailures: 100,
  /**
   * Periods of an execution that are named in the log and can be ingested again; further ones are only counted as failed.
   * More at once are an outage, and an execution of a workflow can run 100,000 steps.
   */
  maxDetails: 2500,
  /** Three minutes in total. With the eight seconds of the default, a short outage would fail hours of successful work. */
  get: { codes: [429, 502, 503, 504], retries: 8, first: 1, longest: 60, factor: 2 },
  /**
   * A request that starts something is sent again only when it certainly had no effect.
   * https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry_non_idempotent
   */
  post: { codes: [429, 503], retries: 5, first: 1, longest: 60, factor: 1.25 },
} as const satisfies Readonly<
  Record<string, number | Looks | RequestRetries | { first: number; factor: number }>
>;

/**
 * Arguments of the jobs of a pipeline.
 *
 * @param value what stands for each word: an expression of a workflow, or a placeholder
 */
export function pipelineArguments(value: (word: "dataset" | "first" | "last" | "periods") => string) {
  const range = { from: value("first"), to: value("last") };
  return {
    /** One period, or a list separated by commas. */
    periods: runArguments(value("dataset"), { periods: value("periods") }),
    range: runArguments(value("dataset"), range),
    transform: [datasetOption, value("dataset"), fromOption, range.from, toOption, range.to],
  };
}

/** What an orchestrator says of an exit code, and does about it. */
export interface ExitReaction {
  readonly code: number;
  readonly title: string;
  readonly reaction: Reaction;
}

/** The exit codes of a period. Any other is that of a job that was stopped: its period has failed. */
export const exitReactions: readonly ExitReaction[] = allExitCodes.map(({ code, title, reaction }) => ({
  code,
  title,
  reaction,
}));
