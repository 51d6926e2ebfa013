import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runChild } from "../../terraform/child";

/**
 * Returns the sorted paths of the files that differ between two project folders, without files that git ignores and
 * without installed packages and build output.
 */
export async function changedFiles(base: string, head: string, signal?: AbortSignal): Promise<string[]> {
  const all = new Set([...(await filesOf(base, signal)), ...(await filesOf(head, signal))]);
  return [...all].sort().filter((file) => !same(join(base, file), join(head, file)));
}

/** Copies a project without files that git ignores, and links its packages. */
export async function copyProject(from: string, to: string, signal?: AbortSignal): Promise<void> {
  for (const file of await filesOf(from, signal)) copy(join(from, file), join(to, file));
  const modules = join(from, "node_modules");
  if (existsSync(modules)) symlinkSync(resolve(modules), join(to, "node_modules"));
}

export function copy(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

async function filesOf(folder: string, signal?: AbortSignal): Promise<string[]> {
  return (await listedByGit(folder, signal)) ?? walk(folder, "");
}

async function listedByGit(folder: string, signal?: AbortSignal): Promise<string[] | undefined> {
  if (!existsSync(join(folder, ".git"))) return undefined;
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const ended = await runChild("git", args, { cwd: folder, env: process.env, ...(signal && { signal }) });
  if (ended.exitCode !== 0) return undefined;
  const names = ended.stdout.toString().split("\0");
  // Git also lists submodules and links to folders.
  return names.filter((name) => name !== "" && isFile(join(folder, name)));
}

const left = new Set(["node_modules", "dist", "cdktf.out", "coverage", ".git", ".terraform", ".tributary"]);

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (left.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return walk(root, path);
    return entry.isFile() ? [path] : [];
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((file) => (existsSync(file) ? readFileSync(file) : undefined));
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
