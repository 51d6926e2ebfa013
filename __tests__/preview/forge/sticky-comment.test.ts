import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as z from "zod/mini";
import { type GitHub, gitHub } from "../../../preview/forge/github";
import { markerOf, placeComment, type Sticky } from "../../../preview/forge/sticky-comment";
import { testUnless } from "../../support/unless";
import { GitHubServer } from "../support/github-server";

let server: GitHubServer;
let github: GitHub;

beforeEach(async () => {
  server = new GitHubServer();
  const url = await server.start();
  github = gitHub({ api: url, graphql: `${url}/graphql`, repository: "o/r", token: "token", delay: 1 });
});
afterEach(() => server.stop());

const sticky: Sticky = { pullRequest: 7, body: "3 to add" };
const marker = "<!-- tributary-preview -->";
const said = (login: string, body: string) => server.comments.push({ id: nextId(), body, user: { login } });
const nextId = () => 1000 + server.comments.length;

test("the comment is created if it does not exist", async () => {
  said("dev", "ordinary");
  expect(await placeComment(github, sticky)).toMatchObject({ kind: "created" });
  expect(server.comments.map(({ body }) => body)).toEqual(["ordinary", `${marker}\n3 to add`]);
});

test("the comment is updated on any page, and other comments are not changed", async () => {
  for (let i = 0; i < 130; i++) said(`dev${i}`, `ordinary ${i}`);
  said("mallory", `${marker}\nforged`);
  said("github-actions[bot]", `> ${marker}\nquoted`);
  said("github-actions[bot]", `${marker.replace(" -->", " prod -->")}\nof another preview`);
  said("github-actions[bot]", `${marker}\r\nold`);
  const id = nextId() - 1;
  for (let i = 0; i < 90; i++) said(`dev${i}`, `later ${i}`);

  expect(await placeComment(github, sticky)).toMatchObject({ kind: "updated" });
  expect(server.writes).toEqual([`PATCH /repos/o/r/issues/comments/${id}`]);
  expect(server.comments.find((one) => one.id === id)?.body).toBe(`${marker}\n3 to add`);
});

test("previews with different ids have separate comments", async () => {
  await placeComment(github, { ...sticky, id: "dev" });
  await placeComment(github, { ...sticky, id: "prod" });
  await placeComment(github, { ...sticky, id: "dev", body: "newer" });
  expect(server.comments.map(({ body }) => body)).toEqual([
    "<!-- tributary-preview dev -->\nnewer",
    "<!-- tributary-preview prod -->\n3 to add",
  ]);
  expect(() => markerOf("--> @everyone")).toThrow('"--> @everyone" is not a valid comment id');
});

test("two concurrent runs result in one comment, with the text of the later run", async () => {
  let once = true;
  server.beforeCreate = () => {
    if (once) said("github-actions[bot]", `${marker}\nof the other run`);
    once = false;
  };
  expect(await placeComment(github, sticky)).toMatchObject({ kind: "updated" });
  expect(server.comments.map(({ body }) => body)).toEqual([`${marker}\n3 to add`]);
});

test("duplicate comments of an earlier race are deleted", async () => {
  for (const text of ["a", "b", "c"]) said("github-actions[bot]", `${marker}\n${text}`);
  await placeComment(github, sticky);
  expect(server.comments.map(({ body }) => body)).toEqual([`${marker}\n3 to add`]);
});

test("the comment of a newer commit is not overwritten", async () => {
  server.pullRequest.head.sha = "b".repeat(40);
  expect(await placeComment(github, { ...sticky, head: "a".repeat(40) })).toEqual({
    kind: "outdated",
    head: "b".repeat(40),
  });
  expect(server.writes).toEqual([]);
  expect(await placeComment(github, { ...sticky, head: "b".repeat(40) })).toMatchObject({ kind: "created" });
});

test("a token without write permission is an error that names the permission", async () => {
  server.failures.push(undefined, undefined, {
    status: 403,
    message: "Resource not accessible by integration",
  });
  await expect(placeComment(github, sticky)).rejects.toThrow(
    /GitHub returned 403 for POST .*: Resource not accessible by integration\. .*`permissions: pull-requests: write`/,
  );
  expect(server.comments).toEqual([]);
});

test("an invalid token is an error", async () => {
  const { url } = server;
  const wrong = gitHub({ api: url, graphql: `${url}/graphql`, repository: "o/r", token: "wrong", delay: 1 });
  await expect(placeComment(wrong, sticky)).rejects.toThrow(/401.*Bad credentials.*GITHUB_TOKEN/);
});

test("requests are retried after server errors and rate limits", async () => {
  said("github-actions[bot]", `${marker}\nold`);
  const busy = { status: 502, message: "Bad Gateway" };
  const slower = { status: 403, message: "secondary rate limit", headers: { "retry-after": "0" } };
  server.failures.push(busy, undefined, slower, undefined, busy, { status: 429, message: "later" });
  expect(await placeComment(github, sticky)).toMatchObject({ kind: "updated" });
  expect(server.comments).toHaveLength(1);
});

test("the creation of a comment is not retried after a server error", async () => {
  server.failures.push(undefined, undefined, { status: 502, message: "Bad Gateway" });
  await expect(placeComment(github, sticky)).rejects.toThrow("GitHub returned 502 for POST");
  expect(server.writes).toHaveLength(1);
});

test.each([
  ["with the time to wait", { status: 429, message: "later", headers: { "retry-after": "0" } }],
  [
    "without",
    { status: 403, message: "You have exceeded a secondary rate limit. Please wait a few minutes." },
  ],
])("the creation of a comment is retried after a rate limit %s", async (_, limit) => {
  server.failures.push(undefined, undefined, limit);
  expect(await placeComment(github, sticky)).toMatchObject({ kind: "created" });
  expect(server.comments).toHaveLength(1);
});

test("the job does not wait for a rate limit that ends in an hour", async () => {
  const headers = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1_000) + 3_600),
  };
  server.failures.push({ status: 403, message: "API rate limit exceeded", headers });
  await expect(placeComment(github, sticky)).rejects.toThrow(/403.*API rate limit exceeded$/);
  expect(server.requests).toHaveLength(1);
});

test("a comment that somebody deletes meanwhile is created again", async () => {
  said("github-actions[bot]", `${marker}\nold`);
  const deleted: GitHub = {
    ...github,
    update: (id, body) => {
      server.comments = [];
      return github.update(id, body);
    },
  };
  expect(await placeComment(deleted, sticky)).toMatchObject({ kind: "created" });
});

test("a server that cannot be reached, or is a proxy, is an error that names it", async () => {
  const at = (url: string) =>
    gitHub({ api: url, graphql: `${url}/graphql`, repository: "o/r", token: "token", delay: 1 });
  const proxy = createServer((_, response) => response.end("<html>Sign in</html>"));
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await expect(placeComment(at(url), sticky)).rejects.toThrow(/unexpected response for POST .*Sign in/);
  await new Promise((done) => proxy.close(done));
  await expect(placeComment(at(url), sticky)).rejects.toThrow(
    /GitHub cannot be reached at http:.*ECONNREFUSED/,
  );
});

test("a comment that exceeds the limit of GitHub is rejected before any request", async () => {
  await expect(placeComment(github, { ...sticky, body: "x".repeat(65_536) })).rejects.toThrow(
    "GitHub allows only 65536",
  );
  expect(server.requests).toEqual([]);
});

test("a validation error of GitHub is reported", async () => {
  server.failures.push(undefined, undefined, { status: 422, message: "Validation Failed" });
  await expect(placeComment(github, sticky)).rejects.toThrow(/422.*Validation Failed/);
});

test("pull requests are found by their branch", async () => {
  expect(await github.pullRequestsFrom("someone:topic")).toMatchObject([{ number: 7 }]);
  expect(await github.pullRequestsFrom("someone:else")).toEqual([]);
});

const recorded = join(
  __dirname,
  "../../../../shared/data/plans/cases/28-sticky-comment-lookup-comments.json",
);
const comments = z.array(
  z.object({ id: z.number(), body: z.string(), user: z.object({ login: z.string() }) }),
);

testUnless(existsSync(recorded) ? undefined : "../shared/data/plans does not exist")(
  "the comment on page 2 of 131 recorded comments is updated",
  async () => {
    server.comments = comments.parse(JSON.parse(readFileSync(recorded, "utf8")));
    await placeComment(github, sticky);
    expect(server.writes).toEqual(["PATCH /repos/o/r/issues/comments/1117"]);
  },
);
