import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod/mini";

export interface StoredComment {
  id: number;
  body: string;
  user: { login: string };
}

/** A server with GitHub's API for the comments of one pull request, including pages. */
export class GitHubServer {
  comments: StoredComment[] = [];
  pullRequest = { number: 7, state: "open", body: "", head: { sha: "a".repeat(40) } };
  /** The branch of pull request 7. */
  branch = "someone:topic";
  login = "github-actions[bot]";
  /** `PATCH /repos/o/r/issues/comments/1117`, in order. */
  readonly requests: string[] = [];
  /** Responses to the next requests; undefined is the normal response. */
  readonly failures: (Failure | undefined)[] = [];
  /** Called before a comment is created, to simulate a concurrent run. */
  beforeCreate: () => void = () => undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body, headers }) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Requests that change data. */
  get writes(): string[] {
    return this.requests.filter((request) => !request.startsWith("GET") && !request.endsWith("/graphql"));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { method = "", url = "" } = request;
    this.requests.push(`${method} ${url}`);
    const text = await textOf(request);
    const failure = this.failures.shift();
    if (failure !== undefined)
      return { status: failure.status, body: { message: failure.message }, headers: failure.headers ?? {} };
    if (request.headers.authorization !== "Bearer token") return error(401, "Bad credentials");

    const { pathname, searchParams } = new URL(url, this.url);
    const comment = /^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(pathname);
    switch (`${method} ${pathname}`) {
      case "POST /graphql":
        return ok({ data: { viewer: { login: this.login } } });
      case "GET /repos/o/r/pulls/7":
        return ok(this.pullRequest);
      case "GET /repos/o/r/pulls":
        return ok(searchParams.get("head") === this.branch ? [this.pullRequest] : []);
      case "GET /repos/o/r/issues/7/comments":
        return this.page(Number(searchParams.get("per_page")), Number(searchParams.get("page") ?? 1));
      case "POST /repos/o/r/issues/7/comments":
        return this.create(text);
    }
    if (comment?.[1] !== undefined && method === "PATCH") return this.update(Number(comment[1]), text);
    if (comment?.[1] !== undefined && method === "DELETE") return this.remove(Number(comment[1]));
    return error(404, "Not Found");
  }

  private page(size: number, page: number): Answer {
    const last = Math.max(1, Math.ceil(this.comments.length / size));
    const next = `<${this.url}/repos/o/r/issues/7/comments?per_page=${size}&page=${page + 1}>; rel="next"`;
    return {
      status: 200,
      body: this.comments.slice((page - 1) * size, page * size),
      headers: page < last ? { link: next } : {},
    };
  }

  private create(text: string): Answer {
    const refused = tooLong(text);
    if (refused !== undefined) return refused;
    this.beforeCreate();
    const id = Math.max(1000, ...this.comments.map((one) => one.id)) + 1;
    const comment = { id, body: bodyOf(text), user: { login: this.login } };
    this.comments.push(comment);
    return { status: 201, body: comment, headers: {} };
  }

  private update(id: number, text: string): Answer {
    const comment = this.comments.find((one) => one.id === id);
    if (comment === undefined) return error(404, "Not Found");
    if (comment.user.login !== this.login) return error(403, "Resource not accessible by integration");
    comment.body = bodyOf(text);
    return tooLong(text) ?? ok(comment);
  }

  private remove(id: number): Answer {
    this.comments = this.comments.filter((one) => one.id !== id);
    return { status: 204, body: undefined, headers: {} };
  }
}

export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;
}

function ok(body: unknown): Answer {
  return { status: 200, body, headers: {} };
}

function error(status: number, message: string): Answer {
  return { status, body: { message }, headers: {} };
}

function tooLong(text: string): Answer | undefined {
  if (bodyOf(text).length <= 65_536) return undefined;
  return {
    status: 422,
    body: {
      message: "Validation Failed",
      errors: [{ message: "body is too long (maximum is 65536 characters)" }],
    },
    headers: {},
  };
}

function bodyOf(text: string): string {
  return z.object({ body: z.string() }).parse(JSON.parse(text)).body;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
