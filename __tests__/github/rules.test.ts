import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Job, readWorkflow, type Step, workflowFolder } from "./support/workflow";

const names = readdirSync(workflowFolder).map((file) => file.replace(/\.yml$/, ""));
const jobs = names.flatMap((name) =>
  Object.entries(readWorkflow(name).jobs).map(([job, content]): [string, Job] => [`${name}/${job}`, content]),
);
const steps = jobs.flatMap(([job, { steps }]) =>
  steps.map((step, index): [string, Step] => [`${job}[${index}]`, step]),
);

test("every action is pinned to a full commit hash, with the version in a comment", () => {
  for (const name of names) {
    const text = readFileSync(join(workflowFolder, `${name}.yml`), "utf8");
    for (const [line] of text.matchAll(/^.*\buses:.*$/gm))
      expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
  const byAction = new Map<string, Set<string>>();
  for (const [, { uses }] of steps) {
    const [action = "", commit = ""] = uses?.split("@") ?? [];
    byAction.set(action, (byAction.get(action) ?? new Set()).add(commit));
  }
  expect([...byAction].filter(([, commits]) => commits.size > 1)).toEqual([]);
});

test("every job declares its permissions and a timeout", () => {
  for (const name of names) {
    const { permissions, jobs: all } = readWorkflow(name);
    for (const [job, content] of Object.entries(all)) {
      expect([`${name}/${job}`, content.permissions ?? permissions]).not.toEqual([
        `${name}/${job}`,
        undefined,
      ]);
      expect(content["timeout-minutes"]).toBeGreaterThan(0);
    }
  }
  const rights = Object.fromEntries(
    jobs.map(([job, { permissions = {} }]) => [job, Object.keys(permissions).sort()]),
  );
  expect(rights).toEqual({
    "ci/check": [],
    "deploy/plan": ["contents", "id-token", "pull-requests"],
    "deploy/apply": ["contents", "id-token"],
    "preview/synth": ["contents"],
    "preview/plan": ["contents", "id-token"],
    "preview/comment": ["contents", "pull-requests"],
    "preview-fork/plan": ["actions", "contents"],
    "preview-fork/comment": ["contents", "pull-requests"],
  });
});

test("scripts use values of an event only through environment variables", () => {
  expect(steps.filter(([, { run }]) => run?.includes("${{")).map(([step]) => step)).toEqual([]);
});

test("code of a pull request runs only in jobs without permissions", () => {
  for (const name of names) expect(Object.keys(readWorkflow(name).on)).not.toContain("pull_request_target");
  const checkouts = steps.filter(([, { uses }]) => uses?.startsWith("actions/checkout@"));
  for (const [step, { with: given }] of checkouts) {
    expect([step, given["persist-credentials"]]).toEqual([step, "false"]);
    // Without a ref, preview.yml gets the merge of the pull request; preview-fork.yml the main branch.
    const trusted = step.startsWith("preview/") ? "${{ github.event.pull_request.base.sha }}" : undefined;
    expect([step, given["ref"]]).toEqual([step, step.startsWith("preview/synth") ? undefined : trusted]);
  }
  for (const [step, { run }] of steps)
    if (run?.includes("npm ci") === true && !step.startsWith("ci/"))
      expect(run).toContain("--ignore-scripts");
});

test("jobs that change prod wait for a protected environment, and apply only the reviewed plan", () => {
  const apply = jobs.filter(([, { steps: all }]) =>
    all.some(({ with: given }) => given["service_account"]?.includes("DEPLOY")),
  );
  expect(apply.map(([job, { environment }]) => [job, environment])).toEqual([["deploy/apply", "production"]]);
  for (const [, { steps: all }] of apply)
    expect(all.at(-1)?.run).toMatch(/preview -- deploy --expect "\$EXPECT"/);
});
