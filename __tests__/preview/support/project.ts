import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A stack of a small project: Terraform's JSON and dependencies. */
export type StackFile = Readonly<Record<string, unknown>> & { readonly dependencies?: readonly string[] };

/**
 * A minimal cdktf project whose app creates a stack for each file in stacks/, with local state files, so that Terraform
 * requires no providers.
 */
export class SmallProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "small-project-")));

  constructor(stacks: Readonly<Record<string, StackFile>>) {
    this.write(
      "cdktf.json",
      JSON.stringify({ language: "typescript", app: "node app.cjs", output: "cdktf.out" }),
    );
    this.write("app.cjs", app);
    this.write(".gitignore", "cdktf.out/\nnode_modules/\n");
    for (const [name, stack] of Object.entries(stacks)) this.stack(name, stack);
  }

  /** Writes a file of the project. */
  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  stack(name: string, stack: StackFile): void {
    const terraform = { backend: { local: { path: `${name}.tfstate` } } };
    this.write(`stacks/${name}.json`, JSON.stringify({ terraform, ...stack }, null, 2));
  }

  removeFile(path: string): void {
    rmSync(join(this.folder, path));
  }

  /** Commits all files, in a separate repository. @returns the commit */
  commit(): string {
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", "--all");
    this.git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=x");
    return this.git("rev-parse", "HEAD");
  }

  git(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd: this.folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const app = `
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const out = process.env.CDKTF_OUTDIR;
if (process.env.PLATFORM_ENV === "typo") {
  console.error('PLATFORM_ENV is "typo"; there are dev, prod');
  process.exit(1);
}
const stacks = {};
for (const file of readdirSync("stacks").sort()) {
  const name = file.replace(/\\.json$/, "");
  const { dependencies = [], ...json } = JSON.parse(readFileSync(join("stacks", file), "utf8"));
  const workingDirectory = join("stacks", name);
  mkdirSync(join(out, workingDirectory), { recursive: true });
  writeFileSync(join(out, workingDirectory, "cdk.tf.json"), JSON.stringify(json));
  const synthesizedStackPath = join(workingDirectory, "cdk.tf.json");
  stacks[name] = { name, constructPath: name, workingDirectory, synthesizedStackPath, annotations: [], dependencies };
}
writeFileSync(join(out, "manifest.json"), JSON.stringify({ version: "0.21.0", stacks }));
`;

/** A stack of resources that require no provider: inputs by name. */
export function dataStack(inputs: Readonly<Record<string, unknown>>, more: StackFile = {}): StackFile {
  const resources: Record<string, object> = {};
  for (const [name, input] of Object.entries(inputs)) resources[name] = { input };
  return { ...more, resource: { terraform_data: resources } };
}

/** Why tests with Terraform cannot run; undefined if they can. */
export function terraformMissing(): string | undefined {
  const { error } = spawnSync("terraform", ["version"]);
  return error === undefined
    ? undefined
    : "terraform is not installed: https://developer.hashicorp.com/terraform/install";
}

/** A PATH with the programs that the commands require, except Terraform. @param folder for the links to them */
export function withoutTerraform(folder: string): string {
  const bin = join(folder, "bin-without-terraform");
  if (existsSync(bin)) return bin;
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  for (const name of ["sh", "git", "tar"]) {
    const found = (process.env.PATH ?? "").split(":").find((place) => existsSync(join(place, name)));
    if (found !== undefined) symlinkSync(join(found, name), join(bin, name));
  }
  return bin;
}
