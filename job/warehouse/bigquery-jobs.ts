import { setTimeout as sleep } from "node:timers/promises";
import type { BigQuery, Job } from "@google-cloud/bigquery";
import * as z from "zod/mini";
import { cloudFailure, httpStatusOf } from "../cloud/failure";

/** The API's `configuration` of a job: a load or a query. */
type Configuration = NonNullable<Parameters<BigQuery["createJob"]>[0]["configuration"]>;

export interface JobRequest {
  /** Start of the job's ID, the same for the same content: letters, digits, - and _. */
  readonly id: string;
  readonly location: string;
  readonly configuration: Configuration;
  /** For messages: `gs://lake/x.parquet cannot be loaded into raw.trips`. */
  readonly what: string;
}

/**
 * Runs a job to its end, once: if a job with this ID is already running, started by a killed run or by another run at
 * the same time, it waits for that job. If a job with this ID has ended, its result has been replaced since: it runs a
 * new job with the next ID.
 *
 * @returns the ID of the job
 * @throws Failure retryable when BigQuery's reason is a transient one, otherwise permanent
 */
export async function runJob(client: BigQuery, request: JobRequest): Promise<string> {
  const { id, location, configuration, what } = request;
  try {
    for (let number = 0; ; number += 1) {
      const jobId = `${id}_${number}`;
      try {
        const [job] = await client.createJob({ jobId, location, configuration });
        return await ended(job, request);
      } catch (error) {
        if (httpStatusOf(error) !== 409) throw error;
      }
      const job = client.job(jobId, { location });
      if ((await stateOf(job)).status.state !== "DONE") return await ended(job, request);
    }
  } catch (error) {
    throw cloudFailure(error, what);
  }
}

const jobMetadata = z.object({
  status: z.object({
    state: z.string(),
    errorResult: z.optional(z.object({ reason: z.string(), message: z.string() })),
    errors: z.optional(z.array(z.object({ message: z.string() }))),
  }),
});

async function stateOf(job: Job): Promise<z.infer<typeof jobMetadata>> {
  const answer: readonly unknown[] = await job.getMetadata();
  return jobMetadata.parse(answer[0]);
}

/** Longest interval between two requests for the state, in milliseconds. */
const maxInterval = 5_000;

async function ended(job: Job, { id, what }: JobRequest): Promise<string> {
  let state = await stateOf(job);
  for (let wait = 250; state.status.state !== "DONE"; wait = Math.min(wait * 1.5, maxInterval)) {
    await sleep(wait);
    state = await stateOf(job);
  }
  const { status } = state;
  if (status.errorResult !== undefined) {
    const { reason, message } = status.errorResult;
    // The message is often only "see errors[] for details".
    const details = (status.errors ?? []).map((error) => error.message).filter((text) => text !== message);
    throw cloudFailure(
      new JobError([message, ...new Set(details)].join("; "), reason),
      `${what} (job ${job.id ?? id})`,
    );
  }
  return job.id ?? id;
}

class JobError extends Error {
  constructor(
    message: string,
    readonly reason: string,
  ) {
    super(message);
  }
}
