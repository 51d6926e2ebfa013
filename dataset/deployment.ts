import * as z from "zod/mini";
import type { DatasetSpec } from "./dataset";
import type { Grain } from "./period";
import { scheduleDefaults } from "./defaults";
import { specFromJson, specToJson } from "./json";
import { successTemplate } from "./layout";
import { specError } from "./validate";

/** What the object `<id>.json` in the bucket of specifications contains: what the workflows and the job read. */
export interface Deployment {
  readonly pipeline: PipelineFacts;
  readonly specification: DatasetSpec;
}

/** What the workflows know of a data set. All values are plain, because Workflows has neither dates nor cron. */
export interface PipelineFacts {
  readonly grain: Grain;
  /** The first period; null if the grain is `once`. */
  readonly first: string | null;
  /** The last period; null if the data set has no end. */
  readonly last: string | null;
  /** How many periods before the current one the period that is due is. */
  readonly behind: number;
  /** Time zone of the current date: `America/New_York`. */
  readonly timeZone: string;
  /** Name of the Cloud Run job that ingests one period. */
  readonly job: string;
  /** Name of the Cloud Run job whose tasks ingest one period each. */
  readonly backfillJob: string;
  /** Name of the Storage Transfer Service job that copies the files; null if there is none to run. */
  readonly transferJob: string | null;
  /** Seconds from the start of a period until the period that is due must be complete; null if none is ever due. */
  readonly latenessSeconds: number | null;
  /** Path of the object that marks a period as complete, with `{year}`, `{month}` and `{day}`. */
  readonly marker: string;
  /** Whether the data set is retired: nothing runs. */
  readonly retired: boolean;
}

/** What an environment adds to the facts of a data set: the names of its jobs, and when its periods are overdue. */
export type EnvironmentFacts = Pick<PipelineFacts, "backfillJob" | "job" | "latenessSeconds" | "transferJob">;

/** What a pipeline has to know of a data set. */
export function pipelineFacts(spec: DatasetSpec, environment: EnvironmentFacts): PipelineFacts {
  const { timeZone, periodsBehind } = spec.schedule ?? scheduleDefaults;
  return {
    grain: spec.grain,
    first: spec.grain === "once" ? null : spec.firstPeriod,
    last: spec.grain === "once" ? null : (spec.lastPeriod ?? null),
    behind: periodsBehind,
    timeZone,
    job: environment.job,
    backfillJob: environment.backfillJob,
    transferJob: environment.transferJob,
    latenessSeconds: environment.latenessSeconds,
    marker: successTemplate(spec.id, spec.grain),
    retired: spec.retired ?? false,
  };
}

/** Name of the object of a data set. */
export function deploymentName(dataset: string): string {
  return `${dataset}.json`;
}

/** Id of the data set of an object; undefined if it is none. */
export function deployedDataset(name: string): string | undefined {
  return /^([a-z][a-z0-9_]*)\.json$/.exec(name)?.[1];
}

/** A workflow reads this many bytes of an object. They hold its first line, however many columns there are. */
export const factBytes = 2048;

/**
 * The deployment as JSON in two lines. The first has what the workflows need and ends with a comma, so that they need
 * not read the columns of the second.
 */
export function deploymentToJson({ pipeline, specification }: Deployment): string {
  const first = `{"pipeline":${JSON.stringify(pipeline)},`;
  if (Buffer.byteLength(first) >= factBytes)
    throw specError(specification.id, [`pipeline: has more than ${factBytes} bytes; use shorter names`]);
  return `${first}\n"specification":${specToJson(specification)}}\n`;
}

const shape = z.object({ specification: z.record(z.string(), z.unknown()) });

/**
 * Reads the specification from the output of `deploymentToJson`.
 *
 * @throws ConfigurationError when the text is not valid JSON, has another version, or has no valid specification
 */
export function specFromDeployment(text: string): DatasetSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw specError("without an id", [`specification: is not valid JSON: ${String(error)}`]);
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success)
    throw specError("without an id", [
      'specification: is missing; the object must have the field "specification"',
    ]);
  return specFromJson(JSON.stringify(parsed.data.specification));
}
