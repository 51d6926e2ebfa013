import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preview } from "../support/cli";
import { GitHubServer } from "../support/github-server";

let folder: string;
let server: GitHubServer;
let env: Record<string, string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "comment-"));
  writeFileSync(join(folder, "body.md"), "## 3 to add");
  server = new GitHubServer();
  env = { GITHUB_API_URL: await server.start(), GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: "token" };
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const comment = (args: readonly string[], more: Record<string, string | undefined> = {}) =>
  preview(folder, ["comment", "--body", "body.md", ...args], { ...env, ...more });

test("comment finds the pull request by number or by the branch of a fork", async () => {
  expect(await comment(["--pull-request", "7"])).toMatchObject({ exitCode: 0, stderr: "" });
  const { stdout } = await comment(["--branch", "someone:topic", "--head", "a".repeat(40)]);
  expect(stdout).toMatch(/^Comment updated: /);
  expect(server.comments.map(({ body }) => body)).toEqual(["<!-- tributary-preview -->\n## 3 to add"]);
});

test.each<[string, readonly string[], Record<string, string | undefined>, RegExp]>([
  ["a missing token", ["--pull-request", "7"], { GITHUB_TOKEN: undefined }, /^GITHUB_TOKEN is not set/],
  [
    "an invalid token",
    ["--pull-request", "7"],
    { GITHUB_TOKEN: "other" },
    /^GitHub returned 401 .*Bad credentials/,
  ],
  [
    "a missing repository",
    ["--pull-request", "7"],
    { GITHUB_REPOSITORY: undefined },
    /^"" is not a valid repository/,
  ],
  ["an invalid number", ["--pull-request", "x"], {}, /^"x" is not a valid pull request number/],
  ["an unknown pull request", ["--pull-request", "8"], {}, /^GitHub returned 404 .*Not Found/],
  ["neither number nor branch", [], {}, /^no pull request specified/],
  [
    "a branch without a pull request",
    ["--branch", "someone:else"],
    {},
    /^no open pull request from someone:else/,
  ],
  ["a branch at another commit", ["--branch", "someone:topic", "--head", "b"], {}, /from someone:topic at b/],
])("comment reports %s in one sentence, with exit code 1", async (_, args, more, message) => {
  const { exitCode, stdout, stderr } = await comment(args, more);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(server.writes).toEqual([]);
});
