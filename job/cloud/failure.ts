import * as z from "zod/mini";
import { codeOf, messageOf } from "../../errors/thrown";
import { asFailure, Failure } from "../failure";

/**
 * Says what a Google API refused, and whether trying again can help.
 *
 * @param what the thing and what was done with it: `the lake gs://bucket cannot be read`
 */
export function cloudFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  if (ofThisMachine.includes(codeOf(error) ?? "")) return asFailure(error);
  const status = httpStatusOf(error);
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

/** Codes of a disk that is full or may not be written to: no cloud is to blame. */
const ofThisMachine = ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"];

const numbered = z.looseObject({
  code: z.optional(z.unknown()),
  status: z.optional(z.unknown()),
  response: z.optional(z.nullable(z.looseObject({ status: z.optional(z.unknown()) }))),
});
const httpStatus = z.coerce.number().check(z.gte(100), z.lt(600));

/** The HTTP status that an API answered with; its clients keep it in different places. */
export function httpStatusOf(error: unknown): number | undefined {
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
  ...["backendError", "internalError", "jobBackendError", "jobInternalError", "tableUnavailable", "timeout"],
  ...["rateLimitExceeded", "jobRateLimitExceeded", "quotaExceeded"],
];

/** Codes of the system and of the clients for what broke on the way. */
const passingCodes =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_\w+|E(HOST|NET)(UNREACH|DOWN)|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET\w*|CONTENT_DOWNLOAD_MISMATCH)$/;

function passes(error: unknown, status: number | undefined): boolean {
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  if (passingCodes.test(codeOf(error) ?? "")) return true;
  const { data } = reasoned.safeParse(error);
  if (passingReasons.includes(data?.reason ?? data?.errors?.[0]?.reason ?? "")) return true;
  // Two transactions on one table, and connections that broke, say so in words alone.
  return /concurrent update|socket hang up|network timeout|premature close/i.test(messageOf(error));
}

const reasoned = z.object({
  reason: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ reason: z.optional(z.string()) }))),
});

const answered = z.object({
  response: z.object({ data: z.object({ error: z.object({ message: z.string() }) }) }),
});

/** The API's own sentence; its clients wrap it in the whole answer, or leave it there. */
function reasonOf(error: unknown): string {
  const answer = answered.safeParse(error);
  const text = answer.success ? answer.data.response.data.error.message : messageOf(error);
  return text.split("\n")[0]?.trim() || (codeOf(error) ?? "no reason given");
}
