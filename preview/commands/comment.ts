import { Command, Option } from "commander";
import { readInput } from "../files";
import { type GitHub, gitHub } from "../forge/github";
import { placeComment } from "../forge/sticky-comment";
import { interruptible } from "../../terraform/interruption";

interface Options {
  readonly body: string;
  readonly repository?: string;
  readonly pullRequest?: string;
  readonly branch?: string;
  readonly head?: string;
  readonly id?: string;
  readonly api: string;
}

/** `comment`: creates or updates the preview comment of a pull request. */
export function commentCommand(): Command {
  return new Command("comment")
    .description("create or update the preview comment of a pull request on GitHub; requires GITHUB_TOKEN")
    .requiredOption("--body <file>", "file with the comment, as written by --format markdown=<file>")
    .addOption(new Option("--repository <owner/name>", "GitHub repository").env("GITHUB_REPOSITORY"))
    .option("--pull-request <number>", "number of the pull request")
    .option("--branch <owner:branch>", "branch of the pull request, instead of its number")
    .option("--head <sha>", "commit of the preview; if a newer commit exists, the comment is not changed")
    .option("--id <name>", "id of the comment, for several previews of one pull request")
    .addOption(
      new Option("--api <url>", "URL of the GitHub API")
        .env("GITHUB_API_URL")
        .default("https://api.github.com"),
    )
    .action(async (options: Options) => {
      await interruptible(async (signal) => {
        const body = bodyIn(options.body);
        const github = gitHub({ ...connection(options), signal });
        const pullRequest = await pullRequestOf(options, github);
        const placed = await placeComment(github, { pullRequest, body, head: options.head, id: options.id });
        process.stdout.write(
          placed.kind === "outdated"
            ? `Comment not changed: the pull request has a newer commit, ${placed.head}\n`
            : `Comment ${placed.kind}: ${placed.url}\n`,
        );
      });
    });
}

/** An empty file is what a failed preview leaves behind, and must not replace the last comment. */
function bodyIn(file: string): string {
  const body = readInput("--body", file).toString();
  if (body.trim() === "") throw new Error(`--body ${file} is empty; the comment is not changed`);
  return body;
}

function connection({ repository, api }: Options) {
  const token = process.env.GITHUB_TOKEN ?? "";
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`"${repository ?? ""}" is not a valid repository: --repository <owner>/<name>`);
  if (token === "")
    throw new Error("GITHUB_TOKEN is not set; it requires the permission pull-requests: write");
  const graphql = process.env.GITHUB_GRAPHQL_URL ?? `${api.replace(/\/v3$/, "")}/graphql`;
  return { api, graphql, repository, token };
}

async function pullRequestOf({ pullRequest, branch, head }: Options, github: GitHub): Promise<number> {
  if (pullRequest !== undefined) {
    if (!/^[1-9]\d*$/.test(pullRequest))
      throw new Error(`"${pullRequest}" is not a valid pull request number`);
    return Number(pullRequest);
  }
  if (branch === undefined)
    throw new Error("no pull request specified: use --pull-request <number> or --branch <owner>:<branch>");
  const found = await github.pullRequestsFrom(branch);
  const [first] = found.filter((one) => head === undefined || one.head.sha === head);
  if (first === undefined)
    throw new Error(`no open pull request from ${branch}${head === undefined ? "" : ` at ${head}`}`);
  return first.number;
}
