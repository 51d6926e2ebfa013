import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openRevision } from "../../../preview/synthesis/revision";
import { readSources } from "../../../preview/synthesis/sources";
import { synthesize } from "../../../preview/synthesis/synthesize";
import { dataStack, SmallProject } from "../support/project";

let place: string;
let project: SmallProject;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "synthesis-"));
  project = new SmallProject({ lake: dataStack({ bucket: 1 }) });
});
afterEach(() => {
  project.remove();
  rmSync(place, { recursive: true });
});

const outdir = () => join(place, "out");

test("the app gets its output folder, context and environment, but no Terraform variables", async () => {
  project.write("cdktf.json", JSON.stringify({ app: "node show.cjs", context: { a: 1 } }));
  project.write(
    "show.cjs",
    `const { CDKTF_CONTEXT_JSON, PLATFORM_ENV, TF_VAR_x, CDKTF_OUTDIR } = process.env;
     require("fs").writeFileSync("seen.json", JSON.stringify([CDKTF_CONTEXT_JSON, PLATFORM_ENV, TF_VAR_x ?? null]));
     require("fs").writeFileSync(CDKTF_OUTDIR + "/manifest.json", "{}");`,
  );
  process.env["TF_VAR_x"] = "secret";
  try {
    await synthesize({ project: project.folder, outdir: outdir(), environment: "prod" });
  } finally {
    Reflect.deleteProperty(process.env, "TF_VAR_x");
  }
  expect(JSON.parse(readFileSync(join(project.folder, "seen.json"), "utf8"))).toEqual([
    '{"a":1}',
    "prod",
    null,
  ]);
});

test("an app that fails, writes nothing, or does not exist is an error with the message of the app", async () => {
  const run = () => synthesize({ project: project.folder, outdir: outdir() });
  project.write("app.cjs", "process.exit(0)");
  await expect(run()).rejects.toThrow("`node app.cjs` succeeded, but did not write manifest.json");
  project.write("app.cjs", "console.error('region is missing'); process.exit(1)");
  await expect(run()).rejects.toThrow(/^region is missing$/);
  project.removeFile("cdktf.json");
  await expect(run()).rejects.toThrow(/cdktf\.json does not exist; run the command in the project folder/);
});

test("synthesize deletes the output of an earlier run", async () => {
  mkdirSync(join(outdir(), "stacks/old"), { recursive: true });
  await synthesize({ project: project.folder, outdir: outdir() });
  expect(existsSync(join(outdir(), "stacks/old"))).toBe(false);
});

test("sources contain the lines of the construct and of its caller", async () => {
  symlinkSync(resolve("node_modules"), join(project.folder, "node_modules"));
  project.write("cdktf.json", JSON.stringify({ app: "node main.cjs" }));
  project.write(
    "constructs/bucket.cjs",
    `const { Construct } = require("constructs");
const { TerraformResource } = require("cdktf");
exports.Bucket = class extends Construct {
  constructor(scope, id) {
    super(scope, id);
    new TerraformResource(this, "Resource", { terraformResourceType: "terraform_data" });
  }
};`,
  );
  project.write(
    "main.cjs",
    `const { App, TerraformStack, LocalBackend } = require("cdktf");
const { Bucket } = require("./constructs/bucket.cjs");
// Disabled for speed, as in the platform.
Error.prepareStackTrace = () => "";
const app = new App();
const stack = new TerraformStack(app, "lake");
new LocalBackend(stack, { path: "x" });
new Bucket(stack, "one");
app.synth();`,
  );
  const sources = join(place, "sources.json");
  await synthesize({ project: project.folder, outdir: outdir(), sources });
  expect(readSources(outdir(), sources)).toEqual([
    {
      stack: "lake",
      address: expect.stringMatching(/^terraform_data\.one/) as string,
      frames: ["constructs/bucket.cjs:6", "main.cjs:8"],
    },
  ]);
});

test("sources of a bundled app are lines in the source code", async () => {
  const sources = join(place, "sources.json");
  await synthesize({ project: resolve("."), outdir: outdir(), environment: "dev", sources });
  const bucket = readSources(outdir(), sources).find(
    ({ stack, address }) => stack === "dev-lake" && address.startsWith("google_storage_bucket.lake"),
  );
  const [construct = "", use = ""] = bucket?.frames ?? [];
  const lineAt = (frame: string) => {
    const [file = "", line] = frame.split(":");
    return readFileSync(file, "utf8").split("\n")[Number(line) - 1];
  };
  expect([construct, use].map((frame) => frame.split(":")[0])).toEqual([
    "constructs/storage-bucket.ts",
    "stacks/lake.ts",
  ]);
  expect(lineAt(construct)).toMatch(/new StorageBucketL1|new \w*Bucket\w*\(this, "Resource"/);
  expect(lineAt(use)).toContain('new StorageBucket(this, "lake"');
});

test("a revision is a synthesized app, a project or a commit, which leaves no worktree in the repository", async () => {
  const base = project.commit();
  project.stack("lake", dataStack({ bucket: 2 }));
  const before = process.cwd();
  process.chdir(project.folder);
  try {
    expect(await openRevision(".", join(place, "a"))).toMatchObject({
      kind: "project",
      folder: project.folder,
    });
    const revision = await openRevision("main", join(place, "b"));
    expect(revision).toMatchObject({ kind: "project", commit: base, folder: join(place, "b"), warnings: [] });
    expect(readFileSync(join(place, "b/stacks/lake.json"), "utf8")).toContain('"input": 1');
    expect(project.git("worktree", "list").split("\n")).toHaveLength(1);
    await synthesize({ project: project.folder, outdir: outdir() });
    expect(await openRevision(outdir(), join(place, "c"))).toEqual({ kind: "synthesized", outdir: outdir() });
    await expect(openRevision("--upload-pack=x", join(place, "d"))).rejects.toThrow("is neither a folder");
  } finally {
    process.chdir(before);
  }
});

test("a revision with another package-lock.json has a warning", async () => {
  project.write("package-lock.json", "1");
  project.commit();
  project.write("package-lock.json", "2");
  const before = process.cwd();
  process.chdir(project.folder);
  try {
    expect(await openRevision("main", join(place, "b"))).toMatchObject({
      warnings: ["package-lock.json differs in main, which was synthesized with the packages installed here"],
    });
  } finally {
    process.chdir(before);
  }
});
