import type { DatasetSpec } from "./dataset";
import type { PipelineFacts } from "./deployment";
import { transformRuns } from "./layout";
import { cronExpression } from "./schedule-time";
import {
  type ExitReaction,
  exitReactions,
  type Pipeline,
  pipelineArguments,
  pipelineRules,
} from "./pipeline";

/** What the DAG file of `airflow/` reads: the pipeline of each data set as JSON. */
export interface DagCatalog {
  readonly place: DagPlace;
  /** Whether runs that were missed, while a DAG was paused or Airflow was down, are made up for. */
  readonly catchUp: boolean;
  readonly datasets: readonly DagDataset[];
}

/** Where the tasks of the DAGs run. */
export type DagPlace = CloudPlace | LaptopPlace;

/** Cloud Run, as a workflow does it. */
export interface CloudPlace extends Pipeline {
  readonly kind: "cloud";
}

/** Processes on this machine. */
export interface LaptopPlace {
  readonly kind: "laptop";
  /** Folder in which the commands run. */
  readonly folder: string;
  /** The ingest program with its options: `["node", "dist/job-main.cjs"]`. */
  readonly ingest: readonly string[];
  /** Options of the ingest program, after its arguments: `["--home", ".tributary"]`. */
  readonly options: readonly string[];
  /** The command that builds the models from what has changed. @default - none: nothing follows the ingestion */
  readonly transform?: readonly string[];
}

export interface DagDataset {
  readonly id: string;
  readonly description: string;
  /** Five fields, in a time zone; null if it is only run by hand. */
  readonly schedule: { readonly cron: string; readonly timeZone: string } | null;
  readonly pipeline: PipelineFacts;
}

/** The DAG of a data set. */
export function dagDataset({ id, description, schedule }: DatasetSpec, pipeline: PipelineFacts): DagDataset {
  return {
    id,
    description,
    schedule:
      schedule === undefined
        ? null
        : { cron: cronExpression(id, schedule.cron), timeZone: schedule.timeZone },
    pipeline,
  };
}

/** The JSON form. It has the rules of the pipeline too, so that the DAG file has none of its own. */
export function dagCatalogToJson(
  { place, catchUp, datasets }: DagCatalog,
  rules: DagRules = dagRules,
): string {
  const active = datasets.filter(({ pipeline }) => !pipeline.retired);
  return `${JSON.stringify({ place, catchUp, ...rules, datasets: active }, null, 2)}\n`;
}

/** How the DAGs wait, react to exit codes, and start jobs. */
export interface DagRules {
  readonly rules: { readonly [Rule in keyof typeof pipelineRules]: unknown };
  readonly exitCodes: readonly ExitReaction[];
  readonly arguments: ReturnType<typeof pipelineArguments>;
  /** Folder of what the transform job leaves of each execution. */
  readonly transformRuns: string;
}

/** Those of the workflows. */
export const dagRules: DagRules = {
  rules: pipelineRules,
  exitCodes: exitReactions,
  arguments: pipelineArguments((word) => `{${word}}`),
  transformRuns,
};
