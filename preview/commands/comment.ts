import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
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

/** `comment`: the one comment of a pull request that says what it changes. */
export function commentCommand(): Command {
  return new Command("comment")
    .description("create or update the comment of a pull request on GitHub; GITHUB_TOKEN may write it")
    .requiredOption("--body <file>", "what it says, such as --format markdown=<file> has written")
    .addOption(new Option("--repository <owner/name>", "repository").env("GITHUB_REPOSITORY"))
    .option("--pull-request <number>", "pull request")
    .option("--branch <owner:branch>", "or the branch that it is from, as of a fork")
    .option("--head <sha>", "commit that it is about; where a newer one was pushed, nothing is written")
    .option("--id <name>", "tells comments of several previews apart, such as one for each environment")
    .addOption(
      new Option("--api <url>", "GitHub's API").env("GITHUB_API_URL").default("https://api.github.com"),
    )
    .action(async (options: Options) => {
      await interruptible(async (signal) => {
        const body = readFileSync(options.body, "utf8");
        const github = gitHub({ ...connection(options), signal });
        const pullRequest = await pullRequestOf(options, github);
        const placed = await placeComment(github, { pullRequest, body, head: options.head, id: options.id });
        process.stdout.write(
          placed.kind === "outdated"
            ? `Left as it is: ${placed.head} was pushed meanwhile, and has a preview of its own\n`
            : `The comment is ${placed.kind}: ${placed.url}\n`,
        );
      });
    });
}

function connection({ repository, api }: Options) {
  const token = process.env.GITHUB_TOKEN ?? "";
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`"${repository ?? ""}" is not a valid repository: --repository <owner>/<name>`);
  if (token === "")
    throw new Error("GITHUB_TOKEN is not set: a token that may write comments of pull requests");
  const graphql = process.env.GITHUB_GRAPHQL_URL ?? `${api.replace(/\/v3$/, "")}/graphql`;
  return { api, graphql, repository, token };
}

async function pullRequestOf({ pullRequest, branch, head }: Options, github: GitHub): Promise<number> {
  if (pullRequest !== undefined) {
    if (!/^[1-9]\d*$/.test(pullRequest))
      throw new Error(`"${pullRequest}" is not a valid number of a pull request`);
    return Number(pullRequest);
  }
  if (branch === undefined)
    throw new Error("which pull request? --pull-request <number>, or --branch <owner>:<branch>");
  const found = await github.pullRequestsFrom(branch);
  const [first] = found.filter((one) => head === undefined || one.head.sha === head);
  if (first === undefined)
    throw new Error(`there is no open pull request from ${branch}${head === undefined ? "" : ` at ${head}`}`);
  return first.number;
}
