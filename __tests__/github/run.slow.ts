import { GitHubServer } from "../preview/support/github-server";
import { dataStack, SmallProject, terraformMissing } from "../preview/support/project";
import { describeUnless } from "../support/unless";
import { Runner } from "./support/runner";
import { readWorkflow } from "./support/workflow";

const bucketBackend = { terraform: { backend: { gcs: { bucket: "state", prefix: "x" } } } };

describeUnless(terraformMissing())("the workflows, with the events that start them", () => {
  let project: SmallProject;
  let server: GitHubServer;
  let base: string;
  let head: string;
  let merge: string;

  beforeEach(async () => {
    server = new GitHubServer();
    await server.start();
    project = new SmallProject({
      "prod-foundation": { ...dataStack({ apis: 1 }), ...bucketBackend },
      "prod-lake": { ...dataStack({ bucket: "one" }), ...bucketBackend },
    });
    base = project.commit();
    project.git("checkout", "--quiet", "-b", "topic");
    project.stack("prod-lake", { ...dataStack({ bucket: "two" }), ...bucketBackend });
    head = project.commit();
    project.git("checkout", "--quiet", "--detach", base);
    project.git(
      "-c",
      "user.name=t",
      "-c",
      "user.email=t@example.com",
      "merge",
      "--quiet",
      "--no-ff",
      "-m",
      "x",
      head,
    );
    merge = project.git("rev-parse", "HEAD");
    project.git("update-ref", "refs/heads/merge", merge);
    server.pullRequest.head.sha = head;
  });
  afterEach(async () => {
    project.remove();
    await server.stop();
  });

  async function run<Result>(
    programs: Record<string, string>,
    work: (runner: Runner) => Promise<Result>,
  ): Promise<Result> {
    const before = {
      api: process.env.GITHUB_API_URL,
      repository: process.env.GITHUB_REPOSITORY,
      sha: process.env.GITHUB_SHA,
    };
    Object.assign(process.env, { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: "o/r", GITHUB_SHA: merge });
    const runner = new Runner(project.folder, programs);
    try {
      return await work(runner);
    } finally {
      runner.remove();
      for (const [name, value] of [
        ["GITHUB_API_URL", before.api],
        ["GITHUB_REPOSITORY", before.repository],
        ["GITHUB_SHA", before.sha],
      ] as const)
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
    }
  }

  const pullRequest = (more: { headRepository?: number; body?: string | null } = {}) => ({
    github: {
      sha: merge,
      token: "token",
      event: {
        pull_request: {
          number: 7,
          body: more.body ?? null,
          head: { sha: head, repo: { id: more.headRepository ?? 1 } },
          base: { sha: base, repo: { id: 1 } },
        },
      },
    },
    vars: {},
  });

  test("preview: a pull request gets one comment, and the check succeeds", async () => {
    const body = 'Title "; $(touch injected) `id`\n--allow x@sha256:0';
    const results = await run({}, (runner) => runner.run(readWorkflow("preview"), pullRequest({ body })));
    expect(summaryOf(results)).toEqual({
      synth: "success",
      plan: "success",
      annotate: "skipped",
      comment: "success",
    });
    expect(results.plan?.outputs).toEqual({ verdict: "changed" });
    expect(results.plan?.actions).not.toContain("google-github-actions/auth");
    expect(results.plan?.summary).toContain("prod-lake");
    expect(server.comments).toHaveLength(1);
    const [comment] = server.comments;
    expect(comment?.body).toContain("Because of `stacks/prod-lake.json`");
    expect(comment?.body).toContain(head);
  });

  test("preview: with code scanning, the SARIF of the plan is uploaded", async () => {
    const results = await run({}, (runner) =>
      runner.run(readWorkflow("preview"), { ...pullRequest(), vars: { CODE_SCANNING: "true" } }),
    );
    expect(results.annotate).toMatchObject({
      conclusion: "success",
      actions: ["actions/download-artifact", "github/codeql-action/upload-sarif"],
    });
    const fork = await run({}, (runner) =>
      runner.run(readWorkflow("preview"), {
        ...pullRequest({ headRepository: 2 }),
        vars: { CODE_SCANNING: "true" },
      }),
    );
    expect(fork.annotate?.conclusion).toBe("skipped");
  });

  test("preview: the comment of a newer commit is not overwritten", async () => {
    await run({}, (runner) => runner.run(readWorkflow("preview"), pullRequest()));
    await run({}, (runner) => runner.run(readWorkflow("preview"), pullRequest()));
    expect(server.comments).toHaveLength(1);
    server.pullRequest.head.sha = "b".repeat(40);
    const writes = server.writes.length;
    const results = await run({}, (runner) => runner.run(readWorkflow("preview"), pullRequest()));
    expect(results.comment?.log).toContain("Comment not changed");
    expect(server.writes).toHaveLength(writes);
  });

  test("preview: a failed plan is in the comment, and the check fails", async () => {
    project.git("checkout", "--quiet", "merge");
    const broken = { resource: { terraform_data: { bucket: { nonsense: 1 } } } };
    project.stack("prod-lake", { ...broken, ...bucketBackend });
    merge = project.commit();
    project.git("update-ref", "refs/heads/broken", merge);
    const results = await run({}, (runner) => runner.run(readWorkflow("preview"), pullRequest()));
    expect(results.comment?.conclusion).toBe("failure");
    expect(results.comment?.log).toContain("::error::Not all stacks could be planned");
    expect(server.comments[0]?.body).toContain("errored");
  });

  test("preview: the plan uses the configured identity", async () => {
    const recorded =
      'case "$*" in *" plan "*) echo "ASKED $*"; mkdir -p plan-preview; for f in comment.md summary.md report.json; do echo "{}" > plan-preview/$f; done ;; esac';
    const vars = {
      WORKLOAD_IDENTITY_PROVIDER: "projects/1/pool",
      PLAN_SERVICE_ACCOUNT: "plan@p.iam.gserviceaccount.com",
    };
    const results = await run({ npm: `${recorded}; mkdir -p synthesized` }, (runner) =>
      runner.run(readWorkflow("preview"), { ...pullRequest(), vars }),
    );
    expect(results.plan?.actions).toContain("google-github-actions/auth");
    expect(results.plan?.log).toContain(
      "ASKED run --silent preview -- plan --synthesized synthesized --except prod-foundation",
    );
    expect(results.plan?.log).not.toContain("--no-credentials");
  });

  test("preview: for a fork only synth runs, and preview-fork continues without its code", async () => {
    await run({}, async (runner) => {
      const first = await runner.run(readWorkflow("preview"), pullRequest({ headRepository: 2 }));
      expect(summaryOf(first)).toEqual({
        synth: "success",
        plan: "skipped",
        annotate: "skipped",
        comment: "skipped",
      });
      const workflowRun = {
        github: {
          sha: base,
          token: "token",
          event: {
            repository: { id: 1 },
            workflow_run: {
              ...{
                id: 5,
                event: "pull_request",
                conclusion: "success",
                head_sha: head,
                head_branch: "topic",
              },
              head_repository: { id: 2, owner: { login: "someone" } },
            },
          },
        },
        vars: {},
      };
      const second = await runner.run(readWorkflow("preview-fork"), workflowRun);
      expect(summaryOf(second)).toEqual({ plan: "success", comment: "success" });
      expect(second.plan?.actions).not.toContain("google-github-actions/auth");
      expect(server.comments.map(({ body }) => body.includes("Because of `stacks/prod-lake.json`"))).toEqual([
        true,
      ]);

      const own = {
        ...workflowRun.github.event.workflow_run,
        head_repository: { id: 1, owner: { login: "o" } },
      };
      const github = { ...workflowRun.github, event: { ...workflowRun.github.event, workflow_run: own } };
      expect(summaryOf(await runner.run(readWorkflow("preview-fork"), { github, vars: {} }))).toEqual({
        plan: "skipped",
        comment: "skipped",
      });
    });
  });

  test("deploy: the plan is applied, but only with an identity", async () => {
    const deploy = readWorkflow("deploy");
    const push = { github: { sha: merge, token: "token" }, vars: {} };
    expect(summaryOf(await run({}, (runner) => runner.run(deploy, push)))).toEqual({
      plan: "skipped",
      apply: "skipped",
    });

    // State in files: each job has its own, so both find nothing deployed.
    project.git("checkout", "--quiet", "merge");
    project.stack("prod-lake", dataStack({ bucket: "two" }));
    merge = project.commit();
    project.git("update-ref", "refs/heads/deployed", merge);
    const vars = { WORKLOAD_IDENTITY_PROVIDER: "projects/1/pool" };
    const event = { github: { sha: merge, token: "token" }, vars };
    const results = await run({ gh: 'echo "--allow nothing"' }, (runner) => runner.run(deploy, event));
    expect(summaryOf(results)).toEqual({ plan: "success", apply: "success" });
    expect(results.plan?.outputs).toMatchObject({
      verdict: "changed",
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    });
    expect(results.apply?.log).toContain("Applied: prod-lake.");

    const other = { ...event, inputs: { expect: `sha256:${"0".repeat(64)}` } };
    const refused = await run({ gh: "true" }, (runner) => runner.run(deploy, other));
    expect(refused.apply?.conclusion).toBe("failure");
    expect(refused.apply?.log).toContain("the plan differs from the reviewed plan");
  });
});

function summaryOf(
  results: Readonly<Record<string, { readonly conclusion: string }>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(results).map(([job, { conclusion }]) => [job, conclusion]));
}
