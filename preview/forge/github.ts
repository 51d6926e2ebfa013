import * as z from "zod/mini";
import { type Answer, type Connection, read, request } from "./request";

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

export interface GitHubSettings extends Connection {
  /** `https://api.github.com` */
  readonly api: string;
  /** `https://api.github.com/graphql` */
  readonly graphql: string;
  /** `owner/name` */
  readonly repository: string;
}

/** All methods throw Refused for permanent errors, and Error after several retries of transient errors. */
export function gitHub(settings: GitHubSettings): GitHub {
  const { api, graphql, repository } = settings;
  const repo = `${api}/repos/${repository}`;
  const send = async <Schema extends z.ZodMiniType>(
    method: string,
    url: string,
    schema: Schema,
    body?: object,
  ): Promise<z.infer<Schema>> => read(schema, await request(settings, method, url, body));
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
        const answer: Answer = await request(settings, "GET", url);
        all.push(...read(z.array(comment), answer));
        url = answer.next;
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
