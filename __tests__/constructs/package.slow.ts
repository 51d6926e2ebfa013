/**
 * The constructs as another project gets them: packed, installed beside it, compiled and synthesized there, with cdktf
 * and with its continuation cdktn. What they are used with is linked, so that only cdktn needs the registry.
 */
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { terrain } from "../../checks/cdktn/copy";
import { packConstructs } from "../../scripts/constructs/pack";
import { withoutNotes } from "../../scripts/golden/render";
import { npmOptions, unavailable } from "../../scripts/npm-install";
import { readStacks, type StackJson } from "../../scripts/synthesized";
import { testUnless } from "../support/unless";

const project = join(__dirname, "../..");
const name = "tributary-constructs";
const place = mkdtempSync(join(tmpdir(), "package-"));
const ours = join(place, "cdktf");
const theirs = join(place, "cdktn");
const terrainPackages = [`cdktf@${terrain}`, "constructs@10.7.2"];
const noTerrain = installTerrain();

const example = readFileSync(join(project, "docs/examples/constructs-alone.ts"), "utf8").replace(
  "../../constructs",
  name,
);
/** The example with every grant made twice. */
const twice = example.replace(/^job\.node\.addDependency\([\s\S]*?^\);$/m, "$&\n$&");
const aws = `
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { App, TerraformStack } from "cdktf";
import { S3Transfer, StorageBucket } from "${name}";
import { AwsTransferRole, queueArn, S3EventQueues } from "${name}/aws";

const app = new App();
const stack = new TerraformStack(app, "mine");
new GoogleProvider(stack, "google", { project: "p" });
new AwsProvider(stack, "aws", { region: "eu-central-1" });
const account = { accountId: "111122223333", location: "eu-central-1" };
const sources = [{ bucket: "theirs" }];
const queueArns = [queueArn(account, "q")];
const role = new AwsTransferRole(stack, "role", { ...account, name: "r", subjectId: "1", sources, queueArns });
const queues = new S3EventQueues(stack, "queues", { ...account, bucket: "b", queues: [{ name: "q", prefix: "a/" }] });
const sinkBucket = StorageBucket.fromName(stack, "lake", "my-lake");
const copy = { name: "copy", description: "d", source: { bucket: "theirs" }, sinkBucket, sinkPrefix: "landing/" };
new S3Transfer(stack, "copy", { ...copy, role, dependsOn: [queues] });
app.synth();
`;

beforeAll(async () => {
  const tarball = await packConstructs(project, place);
  mkdirSync(ours);
  succeeded(npm(ours, ["--offline", tarball]));
  for (const module of [
    "cdktf",
    "constructs",
    "@cdktf/provider-google",
    "@cdktf/provider-aws",
    "@types/node",
  ])
    link(ours, module);
  if (noTerrain === undefined) {
    succeeded(npm(theirs, [...terrainPackages, tarball]));
    link(theirs, "@cdktf/provider-google");
  }
  for (const [file, text] of Object.entries({ example, twice, aws }))
    writeFileSync(join(ours, `${file}.ts`), text);
  compile(ours);
}, 240_000);

afterAll(() => {
  rmSync(place, { recursive: true });
});

describe("the package of the constructs", () => {
  const installed = join(ours, "node_modules", name);

  test("imports nothing but Node and what it declares as a peer", () => {
    const { peerDependencies } = z
      .object({ peerDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")));
    const files = readdirSync(installed).filter((file) => /\.(js|d\.ts)$/.test(file));
    const imported = files.flatMap((file) =>
      [...readFileSync(join(installed, file), "utf8").matchAll(/(?:require\(|from |import\()"([^"]+)"/g)].map(
        ([, module = ""]) => module,
      ),
    );
    const outside = imported.filter((module) => !/^\.\/[\w-]+$/.test(module));
    const packages = outside.map((module) => /^(?:node:|(?:@[^/]+\/)?[^/]+)/.exec(module)?.[0] ?? module);
    const known = new Set([...Object.keys(peerDependencies), "node:", ...builtinModules]);
    expect(outside.length).toBeGreaterThan(20);
    expect(packages.filter((found) => !known.has(found))).toEqual([]);
    for (const peer of Object.keys(peerDependencies)) expect(packages).toContain(peer);
  });

  test("needs no AWS provider where nothing of AWS is used", () => {
    const loaded = run(ours, "-e", [
      `require("${name}"); console.log(Object.keys(require.cache).filter((file) => file.includes("provider-aws")).length)`,
    ]);
    expect(loaded.trim()).toBe("0");
  });

  test("has its documentation and no sources or tests", () => {
    const others = readdirSync(installed).filter((file) => !/\.(js|d\.ts)$/.test(file));
    expect(others.filter((file) => file !== "LICENSE").sort()).toEqual([
      "API.md",
      "README.md",
      "package.json",
    ]);
  });
});

describe("the README's example, with the packed constructs", () => {
  test("compiles, and synthesizes a job that waits for its grants, with cdktf", () => {
    const json = synthesized(ours, "example");
    expect(
      Object.entries(json.resource).map(([type, byId]) => `${type} ${Object.keys(byId).length}`),
    ).toEqual([
      "google_bigquery_dataset 1",
      "google_bigquery_dataset_iam_member 1",
      "google_cloud_run_v2_job 1",
      "google_project_iam_member 1",
      "google_service_account 1",
      "google_storage_bucket 1",
      "google_storage_bucket_iam_binding 4",
      "google_storage_bucket_iam_member 1",
    ]);
    const [job] = Object.values(json.resource.google_cloud_run_v2_job ?? {});
    expect(job?.depends_on).toEqual([
      expect.stringMatching(/^google_storage_bucket_iam_member\./),
      expect.stringMatching(/^google_bigquery_dataset_iam_member\./),
      expect.stringMatching(/^google_project_iam_member\./),
    ]);
  });

  test("gives the same when every grant is made twice", () => {
    expect(twice.match(/grant/g)).toHaveLength(6);
    expect(synthesized(ours, "twice")).toEqual(synthesized(ours, "example"));
  });

  testUnless(noTerrain)("gives the same with cdktn, also when every grant is made twice", () => {
    for (const program of ["example", "twice"]) {
      const json = synthesized(theirs, program);
      expect(withoutNotes(json)).toEqual(withoutNotes(synthesized(ours, "example")));
      expect(JSON.stringify(json["//"])).toContain(terrain.replace(/^.*@/, '"version":"'));
    }
  });

  test("has a counterpart for AWS, in an entry of its own", () => {
    expect(Object.keys(synthesized(ours, "aws").resource)).toEqual([
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_s3_bucket_notification",
      "aws_sqs_queue",
      "aws_sqs_queue_policy",
      "aws_sqs_queue_redrive_policy",
      "google_storage_transfer_job",
    ]);
  });
});

/** Installs cdktn under cdktf's name. @returns why it cannot be had, or undefined */
function installTerrain(): string | undefined {
  mkdirSync(theirs);
  const { status, stderr } = npm(theirs, terrainPackages);
  return status === 0 ? undefined : `${terrain} is not to be had from npm: ${unavailable(theirs, stderr)}`;
}

/** Installs packages alone: not what they are used with, which is linked. */
function npm(cwd: string, packages: readonly string[]) {
  writeFileSync(join(cwd, "package.json"), '{ "private": true }');
  const args = ["install", ...npmOptions, "--no-save", "--legacy-peer-deps", ...packages];
  return spawnSync("npm", args, { cwd, encoding: "utf8" });
}

function succeeded(ended: ReturnType<typeof npm>): string {
  if (ended.status !== 0) throw new Error(`ended with ${ended.status}:\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

function link(folder: string, module: string): void {
  const target = join(folder, "node_modules", module);
  mkdirSync(join(target, ".."), { recursive: true });
  symlinkSync(join(project, "node_modules", module), target);
}

/** Compiles the programs of a folder against the declarations of the constructs. */
function compile(folder: string): void {
  const compilerOptions = {
    target: "es2022",
    module: "node16",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    // The declarations of cdktf and the providers would take three times as long as the rest.
    skipLibCheck: true,
    types: ["node"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tsc = join(project, "node_modules/typescript/bin/tsc");
  succeeded(spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }));
}

/** Runs one of the compiled programs where the constructs are installed, and returns its stack. */
function synthesized(folder: string, program: string): StackJson {
  const outdir = mkdtempSync(join(place, "out-"));
  writeFileSync(join(folder, "run.js"), readFileSync(join(ours, `${program}.js`)));
  run(folder, "run.js", [], { CDKTF_OUTDIR: outdir });
  const stack = readStacks(outdir).get("mine");
  if (stack === undefined) throw new Error(`${program} has no stack`);
  return stack;
}

/** Linked packages load what they need from the folder, not from where they are linked to. */
function run(
  cwd: string,
  program: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): string {
  const preserve = ["--preserve-symlinks", "--preserve-symlinks-main"];
  return succeeded(
    spawnSync(process.execPath, [...preserve, program, ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      encoding: "utf8",
    }),
  );
}
