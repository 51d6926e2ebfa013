import { setTimeout } from "node:timers/promises";
import { types } from "node:util";
import pRetry from "p-retry";
import * as z from "zod/mini";

/** How to send requests. */
export interface Connection {
  readonly token: string;
  readonly signal?: AbortSignal;
  /** Milliseconds before the first retry; doubled for each further retry. @default 1000 */
  readonly delay?: number;
}

export interface Answer {
  /** `GET /repos/o/r/pulls/7`, for messages. */
  readonly request: string;
  readonly text: string;
  /** URL of the next page. */
  readonly next: string | undefined;
}

/** A permanent error of GitHub. The message contains the response and, if known, the solution. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Too many requests: GitHub has not processed this one. */
class Limited extends Error {
  constructor(
    message: string,
    /** Milliseconds until the next request is accepted. */
    readonly wait: number,
  ) {
    super(message);
  }
}

/**
 * Sends a request to GitHub, and retries it after transient errors. A POST that may have succeeded is not retried: a
 * duplicate comment is worse than an error.
 */
export function request(connection: Connection, method: string, url: string, body?: object): Promise<Answer> {
  const { signal, delay = 1_000 } = connection;
  const creates = method === "POST" && !url.endsWith("/graphql");
  return pRetry(() => once(connection, method, url, body), {
    retries: 4,
    minTimeout: delay,
    factor: 2,
    shouldRetry: ({ error }) =>
      error instanceof Limited ? error.wait <= longestWait : !creates && !(error instanceof Refused),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (error instanceof Limited && error.wait <= longestWait && retriesLeft > 0)
        await setTimeout(error.wait, undefined, { signal });
    },
    ...(signal && { signal }),
  });
}

/** A job waits two minutes at most; the hourly limit can take longer. */
const longestWait = 120_000;

/**
 * The content of an answer.
 *
 * @throws Error if it is something else, such as the page of a proxy
 */
export function read<Schema extends z.ZodMiniType>(
  schema: Schema,
  { request: sent, text }: Answer,
): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(`GitHub returned an unexpected response for ${sent}: ${text.trim().slice(0, 200)}`);
  }
}

async function once(
  { token, signal, delay = 1_000 }: Connection,
  method: string,
  url: string,
  body: object | undefined,
): Promise<Answer> {
  const { origin, pathname } = new URL(url);
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(30_000), ...(signal ? [signal] : [])]),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new Error(`GitHub cannot be reached at ${origin}: ${causeOf(error)}`);
  });
  const text = await response.text();
  if (response.ok) return { request: `${method} ${pathname}`, text, next: nextPage(response) };
  const { status } = response;
  const message = `GitHub returned ${status} for ${method} ${pathname}: ${reasonIn(text)}`;
  const wait = limitOf(response, text, delay);
  if (wait !== undefined) throw new Limited(message, wait);
  if (status >= 500) throw new Error(message);
  throw new Refused(`${message}${adviceFor(status)}`, status);
}

/** Milliseconds to wait if the response is that of a rate limit. */
function limitOf({ status, headers }: Response, text: string, delay: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds * 1_000;
  if (headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN) * 1_000 - Date.now();
    return Number.isFinite(reset) ? Math.max(0, reset) : delay;
  }
  // GitHub asks for at least a minute if it does not say how long.
  if (/secondary rate limit|abuse detection/i.test(text)) return 60 * delay;
  return status === 429 ? delay : undefined;
}

/** The reason of a failed request, such as ECONNREFUSED, which fetch wraps. */
function causeOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const { cause } = error;
  return types.isNativeError(cause) && cause.message !== "" ? cause.message : error.message;
}

function nextPage({ headers }: Response): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
}

const refusal = z.object({
  message: z.string(),
  errors: z.optional(z.array(z.looseObject({ message: z.optional(z.string()) }))),
});

function reasonIn(text: string): string {
  try {
    const { message, errors = [] } = refusal.parse(JSON.parse(text));
    const details = errors.flatMap((error) => error.message ?? []);
    return [message, ...details].join("; ");
  } catch {
    return text.trim().slice(0, 200) || "empty response";
  }
}

function adviceFor(status: number): string {
  switch (status) {
    case 401:
      return ". The token in GITHUB_TOKEN is not valid";
    case 403:
      return ". The job requires `permissions: pull-requests: write`, which is not available to workflow runs of forks";
    case 404:
      return ". The resource does not exist, or the token has no access";
    default:
      return "";
  }
}
