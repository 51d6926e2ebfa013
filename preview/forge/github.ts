import pRetry, { AbortError } from "p-retry";
import * as z from "zod/mini";

/** The parts of the GitHub API that a comment requires. */
export interface GitHub {
  /** Login of the token's owner, as in comments: `github-actions[bot]`. */
  viewer(): Promise<string>;
  pullRequest(number: number): Promise<PullRequest>;
  /** Open pull requests of a branch, `owner:branch`. */
  pullRequestsFrom(head: string): Promise<readonly PullRequest[]>;
  /** All comments of a pull request on all pages, oldest first. */
  comments(pullRequest: number): Promise<readonly Comment[]>;
  create(pullRequest: number, body: string): Promise<Comment>;
  update(comment: number, body: string): Promise<Comment>;
  remove(comment: number): Promise<void>;
}

const comment = z.object({
  id: z.number(),
  body: z.nullish(z.string()),
  user: z.nullish(z.object({ login: z.string() })),
  html_url: z.optional(z.string()),
});
export type Comment = z.infer<typeof comment>;

const pullRequest = z.object({
  number: z.number(),
  state: z.string(),
  body: z.nullish(z.string()),
  head: z.object({ sha: z.string() }),
});
export type PullRequest = z.infer<typeof pullRequest>;

const viewer = z.object({ data: z.object({ viewer: z.object({ login: z.string() }) }) });

export interface GitHubSettings {
  /** `https://api.github.com` */
  readonly api: string;
  /** `https://api.github.com/graphql` */
  readonly graphql: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
  readonly signal?: AbortSignal;
  /** Milliseconds before the first retry; doubled for each further retry. @default 1000 */
  readonly delay?: number;
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

/** All methods throw Refused for permanent errors, and Error after several retries of transient errors. */
export function gitHub(settings: GitHubSettings): GitHub {
  const { api, graphql, repository } = settings;
  const repo = `${api}/repos/${repository}`;
  const send = <Schema extends z.ZodMiniType>(
    method: string,
    url: string,
    schema: Schema,
    body?: object,
  ): Promise<z.infer<Schema>> => request(settings, method, url, body).then(({ json }) => schema.parse(json));
  return {
    async viewer() {
      // The token of a workflow is not permitted to call GET /user.
      const { data } = await send("POST", graphql, viewer, { query: "query { viewer { login } }" });
      return data.viewer.login;
    },
    pullRequest: (number) => send("GET", `${repo}/pulls/${number}`, pullRequest),
    pullRequestsFrom: (head) =>
      send("GET", `${repo}/pulls?state=open&head=${encodeURIComponent(head)}`, z.array(pullRequest)),
    async comments(number) {
      const all: Comment[] = [];
      let url: string | undefined = `${repo}/issues/${number}/comments?per_page=100`;
      while (url !== undefined) {
        const { json, next }: Answer = await request(settings, "GET", url);
        all.push(...z.array(comment).parse(json));
        url = next;
      }
      return all;
    },
    create: (number, body) => send("POST", `${repo}/issues/${number}/comments`, comment, { body }),
    update: (id, body) => send("PATCH", `${repo}/issues/comments/${id}`, comment, { body }),
    async remove(id) {
      await request(settings, "DELETE", `${repo}/issues/comments/${id}`);
    },
  };
}

interface Answer {
  readonly json: unknown;
  /** URL of the next page. */
  readonly next: string | undefined;
}

/**
 * Sends a request, and retries it after transient errors, except for a POST that may have succeeded: a duplicate comment
 * is worse than an error.
 */
function request(
  { token, signal, delay = 1_000 }: GitHubSettings,
  method: string,
  url: string,
  body?: object,
): Promise<Answer> {
  const once = async (): Promise<Answer> => {
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
    });
    const text = await response.text();
    if (response.ok) return { json: text === "" ? undefined : JSON.parse(text), next: nextPage(response) };
    const message = `GitHub returned ${response.status} for ${method} ${new URL(url).pathname}: ${reasonIn(text)}`;
    if (temporary(response)) throw new Error(message);
    throw new AbortError(new Refused(`${message}${adviceFor(response.status)}`, response.status));
  };
  const creates = method === "POST" && !url.endsWith("/graphql");
  return pRetry(once, {
    retries: creates ? 0 : 4,
    minTimeout: delay,
    factor: 2,
    ...(signal && { signal }),
  });
}

/** Server errors and rate limits. */
function temporary({ status, headers }: Response): boolean {
  return (
    status >= 500 ||
    status === 429 ||
    (status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0"))
  );
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
