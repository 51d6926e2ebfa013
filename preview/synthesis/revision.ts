import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { runChild } from "../../terraform/child";
import { isSynthesized } from "../synth/read";

/** One side of the comparison. */
export type Revision =
  /** A synthesized app: manifest.json and stacks/. */
  | { readonly kind: "synthesized"; readonly outdir: string }
  /** A folder with the source code of the project. */
  | {
      readonly kind: "project";
      readonly folder: string;
      readonly commit?: string;
      readonly warnings: readonly string[];
    };

/**
 * Opens a folder or a git ref. A ref is unpacked into `place`, with a link to the packages of the working tree.
 *
 * @throws Error if it is neither
 */
export async function openRevision(name: string, place: string, signal?: AbortSignal): Promise<Revision> {
  if (existsSync(join(name, "manifest.json"))) return { kind: "synthesized", outdir: resolve(name) };
  if (existsSync(join(name, "cdktf.json"))) {
    const commit = await commitOf(name, signal);
    return { kind: "project", folder: resolve(name), ...(commit && { commit }), warnings: [] };
  }
  if (isSynthesized(name)) return { kind: "synthesized", outdir: resolve(name) };
  if (existsSync(name) && /[./]/.test(name))
    throw new Error(
      `${resolve(name)} contains neither cdktf.json nor manifest.json; run the command in the project folder`,
    );
  const commit = await resolved(name, signal);
  if (commit === undefined)
    throw new Error(
      `"${name}" is neither a folder with cdktf.json or manifest.json nor a commit in this repository; ` +
        "in a shallow clone, run git fetch --unshallow first",
    );
  await unpack(commit, place, signal);
  return { kind: "project", folder: place, commit, warnings: shareModules(place, name) };
}

/** The commit of a folder; undefined outside a repository, or if files differ from the commit. */
export async function commitOf(folder: string, signal?: AbortSignal): Promise<string | undefined> {
  const changed = await git(["status", "--porcelain", "--", "."], folder, signal);
  return changed === "" ? git(["rev-parse", "HEAD"], folder, signal) : undefined;
}

/**
 * Returns the merge base of the current branch and the main branch.
 *
 * @returns undefined outside a repository, or without a main branch
 */
export async function mergeBase(signal?: AbortSignal): Promise<string | undefined> {
  for (const main of ["origin/HEAD", "origin/main", "main"]) {
    const found = await git(["merge-base", "HEAD", main], ".", signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function resolved(name: string, signal?: AbortSignal): Promise<string | undefined> {
  return name.startsWith("-")
    ? undefined
    : git(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], ".", signal);
}

/** Unpacks a commit. It does not use git worktree, because a killed process would leave the worktree registered. */
async function unpack(commit: string, place: string, signal?: AbortSignal): Promise<void> {
  mkdirSync(place, { recursive: true });
  const prefix = (await git(["rev-parse", "--show-prefix"], ".", signal)) ?? "";
  const archive = `${place}.tar`;
  const options = { env: process.env, ...(signal && { signal }) };
  try {
    const tree = prefix === "" ? commit : `${commit}:${prefix}`;
    const packed = await runChild("git", ["archive", "--format=tar", `--output=${archive}`, tree], {
      cwd: process.cwd(),
      ...options,
    });
    const unpacked =
      packed.exitCode === 0
        ? await runChild("tar", ["-xf", archive, "-C", place], { cwd: place, ...options })
        : packed;
    if (unpacked.exitCode !== 0) throw new Error(`${commit} cannot be unpacked: ${unpacked.stderr.trim()}`);
  } finally {
    rmSync(archive, { force: true });
  }
}

/** Links the installed packages, because installing those of the commit requires a download. */
function shareModules(place: string, name: string): string[] {
  if (existsSync("node_modules")) symlinkSync(resolve("node_modules"), join(place, "node_modules"));
  const locks = [place, "."].map((folder) => textOf(join(folder, "package-lock.json")));
  return locks[0] === locks[1]
    ? []
    : [`package-lock.json differs in ${name}, which was synthesized with the packages installed here`];
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Output of git; undefined if it fails or is not installed. */
async function git(
  args: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const ended = await runChild("git", args, { cwd: folder, env: process.env, ...(signal && { signal }) });
    return ended.exitCode === 0 ? ended.stdout.toString().trim() : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ProgramMissing") return undefined;
    throw error;
  }
}
