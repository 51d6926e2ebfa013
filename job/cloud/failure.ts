import * as z from "zod/mini";
import { codeOf, messageOf } from "../../errors/thrown";
import { asFailure, Failure } from "../failure";

/**
 * Converts an error of a Google API, and decides whether a retry can help.
 *
 * @param what what failed: `the lake gs://bucket cannot be read`
 */
export function cloudFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  if (ofThisMachine.includes(codeOf(error) ?? "")) return asFailure(error);
  const status = httpStatusOf(error);
  const message = `${what}: ${reasonOf(error)}`;
  const because = { cause: error };
  if (status === 401 || status === 403) {
    return new Failure("permanent", `${message}; check the roles of the job's service account`, because);
  }
  if (/default credentials|no active account|invalid_grant|invalid_rapt/i.test(message)) {
    return new Failure("permanent", `${message}; run: gcloud auth application-default login`, because);
  }
  if (isTransient(error, status)) return new Failure("retryable", message, because);
  return new Failure("permanent", message, because);
}

/** Codes of a local disk that is full or read-only. */
const ofThisMachine = ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"];

const numbered = z.looseObject({
  code: z.optional(z.unknown()),
  status: z.optional(z.unknown()),
  response: z.optional(z.nullable(z.looseObject({ status: z.optional(z.unknown()) }))),
});
const httpStatus = z.coerce.number().check(z.gte(100), z.lt(600));

/** The HTTP status of an API's response, which its clients report in different properties. */
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

/** BigQuery's reasons for which a job can be retried. https://cloud.google.com/bigquery/docs/error-messages */
const transientReasons = [
  ...["backendError", "internalError", "jobBackendError", "jobInternalError", "tableUnavailable", "timeout"],
  ...["rateLimitExceeded", "jobRateLimitExceeded", "quotaExceeded"],
];

/** The system's and the clients' codes of network errors. */
const transientCodes =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_\w+|E(HOST|NET)(UNREACH|DOWN)|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET\w*|CONTENT_DOWNLOAD_MISMATCH)$/;

function isTransient(error: unknown, status: number | undefined): boolean {
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  if (transientCodes.test(codeOf(error) ?? "")) return true;
  const { data } = reasoned.safeParse(error);
  if (transientReasons.includes(data?.reason ?? data?.errors?.[0]?.reason ?? "")) return true;
  // Conflicting transactions and some network errors have a message but no code.
  return /concurrent update|socket hang up|network timeout|premature close/i.test(messageOf(error));
}

const reasoned = z.object({
  reason: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ reason: z.optional(z.string()) }))),
});

const answered = z.object({
  response: z.object({ data: z.object({ error: z.object({ message: z.string() }) }) }),
});

/** The API's own message, which its clients return in the error or in its response. */
function reasonOf(error: unknown): string {
  const answer = answered.safeParse(error);
  const text = answer.success ? answer.data.response.data.error.message : messageOf(error);
  return text.split("\n")[0]?.trim() || (codeOf(error) ?? "unknown error");
}
