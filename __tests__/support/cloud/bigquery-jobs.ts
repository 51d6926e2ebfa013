import * as z from "zod/mini";
import type { Problem } from "./bigquery-api";
import { type Answer, jsonAnswer } from "./front";

/** Facts about a job that the emulator reports incorrectly. */
export interface KnownJob {
  readonly location: string;
  /** Error of a job that the emulator reports as successful. */
  readonly problem?: Problem | undefined;
}

const answer = z.looseObject({
  id: z.optional(z.string()),
  selfLink: z.optional(z.string()),
  location: z.optional(z.string()),
  jobReference: z.looseObject({ projectId: z.string(), jobId: z.string(), location: z.string() }),
  status: z.optional(z.looseObject({ state: z.string() })),
  configuration: z.optional(
    z.looseObject({
      query: z.optional(z.looseObject({ query: z.string(), destinationTable: z.optional(z.unknown()) })),
    }),
  ),
});
type JobAnswer = z.infer<typeof answer>;

/** The job in a response, if any. */
export function jobIn({ body }: Answer): JobAnswer | undefined {
  const read = answer.safeParse(body.length === 0 ? undefined : JSON.parse(body.toString()));
  return read.success ? read.data : undefined;
}

/** Corrects the state of a job. */
export function corrected(job: JobAnswer, { location, problem }: KnownJob): JobAnswer {
  const { projectId, jobId } = job.jobReference;
  return {
    ...job,
    ...withDestination(job),
    jobReference: { ...job.jobReference, location },
    ...(job.id !== undefined && { id: `${projectId}:${location}.${jobId}` }),
    ...(job.selfLink !== undefined && {
      selfLink: job.selfLink.replace(/location=\w+/, `location=${location}`),
    }),
    ...(job.location !== undefined && { location }),
    ...(problem !== undefined && { status: { state: "DONE", errorResult: problem, errors: [problem] } }),
  };
}

/** A job that creates a table from a query has it as its destination, which the emulator omits. */
function withDestination({ configuration }: JobAnswer): Pick<JobAnswer, "configuration"> {
  const query = configuration?.query;
  const name = /create\s+(?:or\s+replace\s+)?table\s+`([^`]+)`\.`([^`]+)`\.`([^`]+)`/i.exec(
    query?.query ?? "",
  );
  if (query === undefined || name === null) return {};
  const [, projectId, datasetId, tableId] = name;
  return {
    configuration: {
      ...configuration,
      query: { ...query, destinationTable: { projectId, datasetId, tableId } },
    },
  };
}

/** The response to the insertion of a load job: it is running, regardless of its result. */
export function justInserted(job: JobAnswer): JobAnswer {
  return { ...job, status: { state: "RUNNING" }, statistics: undefined };
}

/** A response of the API with status 404. */
export function notFound(what: string): Answer {
  const message = `Not found: ${what}`;
  const errors = [{ message, domain: "global", reason: "notFound" }];
  return jsonAnswer(404, { error: { code: 404, message, errors, status: "NOT_FOUND" } });
}
