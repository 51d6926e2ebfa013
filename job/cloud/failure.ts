import * as z from "zod/mini";
import { codeOf, Failure, messageOf } from "../failure";

/**
 * Says what a Google API refused, and whether trying again can help.
 *
 * @param what the thing and what was done with it: `the lake gs://bucket cannot be read`
 */
export function cloudFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  const status = statusOf(error);
  const message = `${what}: ${reasonOf(error)}`;
  const because = { cause: error };
  if (status === 401 || status === 403) {
    return new Failure("permanent", `${message}; check the grants of the account the job runs as`, because);
  }
  if (/default credentials|no active account|invalid_grant|invalid_rapt/i.test(message)) {
    return new Failure("permanent", `${message}; log in: gcloud auth application-default login`, because);
  }
  if (passes(error, status)) return new Failure("retryable", message, because);
  return new Failure("permanent", message, because);
}

const numbered = z.looseObject({
  code: z.optional(z.unknown()),
  status: z.optional(z.unknown()),
  response: z.optional(z.nullable(z.looseObject({ status: z.optional(z.unknown()) }))),
});
const httpStatus = z.coerce.number().check(z.gte(100), z.lt(600));

/** The HTTP status that an API answered with; its clients keep it in different places. */
export function statusOf(error: unknown): number | undefined {
  const parsed = numbered.safeParse(error);
  if (!parsed.success) return undefined;
  const { code, status, response } = parsed.data;
  for (const value of [code, status, response?.status]) {
    const number = httpStatus.safeParse(value);
    if (number.success) return number.data;
  }
  return undefined;
}

/** Reasons by which BigQuery says that a job may be tried again. https://cloud.google.com/bigquery/docs/error-messages */
const passingReasons = [
  "backendError",
  "internalError",
  "jobBackendError",
  "jobInternalError",
  "rateLimitExceeded",
  "jobRateLimitExceeded",
  "quotaExceeded",
  "tableUnavailable",
  "timeout",
];

function passes(error: unknown, status: number | undefined): boolean {
  if (status !== undefined && (status === 408 || status === 429 || status >= 500)) return true;
  const code = codeOf(error);
  if (
    code !== undefined &&
    /^(E[A-Z_]+|UND_ERR_\w+)$/.test(code) &&
    !["EACCES", "EPERM", "ENOENT"].includes(code)
  )
    return true;
  const reason = z.looseObject({ reason: z.string() }).safeParse(error);
  if (reason.success && passingReasons.includes(reason.data.reason)) return true;
  // Two transactions on one table, and connections that broke, say so in words alone.
  return /concurrent update|socket hang up|network timeout|premature close|aborted/i.test(messageOf(error));
}

/** The API's own sentence; its clients wrap it in the whole answer. */
function reasonOf(error: unknown): string {
  return messageOf(error).split("\n")[0]?.trim() || (codeOf(error) ?? "no reason given");
}
