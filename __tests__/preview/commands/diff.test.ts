import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../../preview/report";
import { synthesize } from "../../../preview/synthesis/synthesize";
import { preview } from "../support/cli";
import { dataStack, SmallProject, withoutTerraform } from "../support/project";

// A separate folder for temporary files shows which files a command leaves behind.
const temporary = mkdtempSync(join(tmpdir(), "diff-"));
process.env["TMPDIR"] = temporary;
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

let project: SmallProject;
let base: string;
beforeEach(() => {
  project = new SmallProject({ lake: dataStack({ bucket: "one" }), old: dataStack({ x: 1 }) });
  base = project.commit();
  project.removeFile("stacks/old.json");
  project.stack("lake", dataStack({ bucket: "two" }));
});
afterEach(() => {
  project.remove();
  expect(readdirSync(temporary)).toEqual([]);
});

const diff = (...args: string[]) =>
  preview(project.folder, ["diff", ...args], { PATH: withoutTerraform(project.folder) });

async function reportOf(...args: string[]): Promise<Report> {
  const { exitCode, stderr } = await diff(...args, "--format", "json=report.json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
  return JSON.parse(readFileSync(join(project.folder, "report.json"), "utf8")) as Report;
}

const changed = {
  truth: "json",
  counts: { update: 1, create: 0 },
  stacks: [
    { name: "lake", status: "changed" },
    { name: "old", status: "gone" },
  ],
};

test("diff compares two commits, with causes and commits, and without Terraform", async () => {
  project.git("add", "--all", "stacks");
  const head = project.commit();
  expect(await reportOf("--base", base, "--head", "main")).toMatchObject({
    ...changed,
    commits: { base, head },
    groups: [{ cause: "stacks/lake.json", members: [{ stack: "lake", address: "terraform_data.bucket" }] }],
  });
});

test("diff compares the working tree with its merge base by default", async () => {
  project.git("checkout", "--quiet", "-b", "topic");
  expect(await reportOf()).toMatchObject({ ...changed, commits: { base } });
});

test("diff compares a commit with a project folder", async () => {
  const other = new SmallProject({ lake: dataStack({ bucket: "three" }) });
  try {
    expect(await reportOf("--base", base, "--head", other.folder, "--no-causes")).toMatchObject({
      ...changed,
      changes: [{ differences: [{ path: "input", before: "one", after: "three" }] }],
    });
  } finally {
    other.remove();
  }
});

test("diff compares synthesized folders, with and without a manifest", async () => {
  await synthesize({ project: project.folder, outdir: join(project.folder, "cdktf.out") });
  expect(await reportOf("--base", base, "--head", "cdktf.out")).toMatchObject(changed);
  expect(await reportOf("--base", base, "--head", "cdktf.out/stacks")).toMatchObject(changed);
});

test("diff passes the environment to the app", async () => {
  const { exitCode, stderr } = await diff("--env", "typo", "--base", base);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'head cannot be synthesized: PLATFORM_ENV is "typo"; there are dev, prod\n',
  });
});

test.each([
  ["an unknown base", "nowhere", /^"nowhere" is neither a folder .* nor a commit in this repository/],
  ["a folder without stacks", "./stacks", /contains neither cdktf\.json nor manifest\.json/],
])("diff reports %s in one sentence", async (_name, side, message) => {
  const { exitCode, stdout, stderr } = await diff("--base", side);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
});

test("diff lets the guard pass changes that a file allows", async () => {
  project.stack("lake", { resource: { google_storage_bucket: { b: { name: "b" } } } });
  const before = project.commit();
  project.stack("lake", { resource: { google_storage_bucket: { b: { name: "c" } } } });
  const { exitCode, stdout } = await diff("--base", before, "--format", "json");
  expect(exitCode).toBe(3);
  const { digest } = JSON.parse(stdout) as Report;
  project.write("body.md", `--allow google_storage_bucket.b@${digest}: empty`);
  expect((await diff("--base", before, "--allow-file", "body.md")).exitCode).toBe(2);
});
