import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { runChild } from "../../terraform/child";

/** One side of the comparison. */
export type Revision =
  /** Synthesized already: manifest.json and stacks/. */
  | { readonly kind: "synthesized"; readonly outdir: string }
  /** A folder with the project's files. */
  | {
      readonly kind: "project";
      readonly folder: string;
      readonly commit?: string;
      readonly warnings: readonly string[];
    };

/**
 * What a folder or a git ref names. A ref is unpacked into `place`, beside the packages of the working copy.
 *
 * @throws Error when it is neither
 */
export async function openRevision(name: string, place: string, signal?: AbortSignal): Promise<Revision> {
  if (existsSync(join(name, "manifest.json"))) return { kind: "synthesized", outdir: resolve(name) };
  if (existsSync(join(name, "cdktf.json"))) {
    const commit = await commitOf(name, signal);
    return { kind: "project", folder: resolve(name), ...(commit && { commit }), warnings: [] };
  }
  if (existsSync(name) && /[./]/.test(name))
    throw new Error(
      `${resolve(name)} holds neither cdktf.json nor manifest.json: run this in the folder of the project`,
    );
  const commit = await resolved(name, signal);
  if (commit === undefined)
    throw new Error(
      `"${name}" is neither a folder with cdktf.json or manifest.json nor a commit that git knows here; ` +
        "in a shallow clone fetch it first (git fetch --unshallow)",
    );
  await unpack(commit, place, signal);
  return { kind: "project", folder: place, commit, warnings: shareModules(place, name) };
}

/** The commit a folder stands at; undefined outside git, or where files differ from it. */
export async function commitOf(folder: string, signal?: AbortSignal): Promise<string | undefined> {
  const changed = await git(["status", "--porcelain", "--", "."], folder, signal);
  return changed === "" ? git(["rev-parse", "HEAD"], folder, signal) : undefined;
}

/**
 * Where the branch of the working copy left the main branch.
 *
 * @returns undefined outside git, or where there is no main branch
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

/** Not a worktree of git's: one that is left behind by a killed process would stay in its list. */
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

/** A commit is synthesized with the packages that are installed here: another set would have to be downloaded. */
function shareModules(place: string, name: string): string[] {
  if (existsSync("node_modules")) symlinkSync(resolve("node_modules"), join(place, "node_modules"));
  const locks = [place, "."].map((folder) => textOf(join(folder, "package-lock.json")));
  return locks[0] === locks[1]
    ? []
    : [
        `${name} has other packages (package-lock.json differs); it was synthesized with those installed here`,
      ];
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** What git prints, or undefined when it fails or is missing. */
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
