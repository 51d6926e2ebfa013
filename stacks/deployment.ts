import {
  cronExpression,
  datasetPrefix,
  type DatasetSpec,
  type Deployment,
  type Pipeline,
  pipelineFacts,
  withSource,
} from "../dataset";
import type { Environment } from "../config";
import { ConfigurationError } from "../errors/faults";
import { latenessSeconds } from "./lateness";
import type { Names } from "./naming";

/**
 * What the workflows and the job of an environment need to know of a data set.
 *
 * @throws ConfigurationError when the environment lacks its size, or its schedule skips periods
 */
export function deploymentOf(spec: DatasetSpec, environment: Environment, names: Names): Deployment {
  checkSize(spec, environment);
  const source = environment.transfer?.sources[spec.id];
  return {
    pipeline: pipelineFacts(spec, {
      job: names.job("ingest", spec.size),
      backfillJob: names.job("backfill", spec.size),
      transferJob: source?.start === "workflow" ? names.transferJob(spec.id) : null,
      latenessSeconds: latenessOf(spec),
    }),
    specification:
      source === undefined
        ? spec
        : withSource(spec, `gs://${names.bucket("lake")}/${datasetPrefix("landing", spec.id)}${source.file}`),
  };
}

/** The pipeline of an environment, whatever runs it. */
export function pipelineOf(
  { project, region, ingestion, transformation }: Environment,
  names: Names,
): Pipeline {
  return {
    project: project.id,
    location: region,
    parallelPeriods: ingestion.parallelPeriods,
    ...(transformation && {
      transform: { job: names.job("transform"), artifacts: names.bucket("lake") },
    }),
  };
}

/** The times at which data sets are ingested, with the data sets of each, in the order of the catalog. */
export interface ScheduledTime {
  readonly cron: string;
  readonly timeZone: string;
  readonly datasets: readonly string[];
}

/** Data sets with the same time share a schedule: a region has a quota of schedules. Retired ones have none. */
export function scheduledTimes(catalog: Iterable<DatasetSpec>): readonly ScheduledTime[] {
  const times = new Map<string, { cron: string; timeZone: string; datasets: string[] }>();
  for (const { id, schedule, retired } of catalog) {
    if (schedule === undefined || retired === true) continue;
    const cron = cronExpression(id, schedule.cron);
    const { timeZone } = schedule;
    const key = `${cron} ${timeZone}`;
    const time = times.get(key) ?? { cron, timeZone, datasets: [] };
    time.datasets.push(id);
    times.set(key, time);
  }
  return [...times.values()];
}

/** Seconds from the start of a period until the period that is due must be complete; null if none is ever due. */
export function latenessOf(spec: DatasetSpec): number | null {
  if (spec.grain === "once" || spec.schedule === undefined) return null;
  const { schedule } = spec;
  return latenessSeconds(spec.id, spec.grain, { ...schedule, cron: cronExpression(spec.id, schedule.cron) });
}

function checkSize({ id, size }: DatasetSpec, { name, ingestion }: Environment): void {
  if (size === undefined || ingestion.sizes?.[size] !== undefined) return;
  const known = Object.keys(ingestion.sizes ?? {}).join(", ") || "none";
  throw new ConfigurationError(`data set ${id}`, [
    `size: "${size}" does not exist in ingestion.sizes of config/${name}.ts; available sizes: ${known}`,
  ]);
}
