import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";

/** What every command that synthesizes takes. */
export interface AppFlags {
  readonly env?: string;
  readonly head?: string;
}

export function withApp(command: Command): Command {
  return command
    .addOption(new Option("--env <name>", "environment, as PLATFORM_ENV").env("PLATFORM_ENV"))
    .option("--head <ref|folder>", "what to preview (default: the files of this folder)");
}

/** What commands that compare two sides take. */
export interface SideFlags extends AppFlags {
  readonly base?: string;
  readonly baseCommit?: string;
  readonly headCommit?: string;
  readonly causes: boolean;
}

export function withSides(command: Command): Command {
  return withApp(command)
    .option("--base <ref|folder>", "what to compare with (default: where the branch left the main branch)")
    .option("--base-commit <sha>", "named in the report")
    .option("--head-commit <sha>", "named in the report")
    .option("--no-causes", "do not find out which file causes what");
}

/** What commands that plan take. */
export interface StackFlags extends AllowFlags {
  readonly stack?: readonly string[];
  readonly except?: readonly string[];
  readonly keep?: string;
}

interface AllowFlags {
  readonly allow: readonly string[];
  readonly allowFile?: string;
}

export function withStacks(command: Command): Command {
  return command
    .option("--stack <name...>", "only these stacks")
    .option("--except <name...>", "not these stacks")
    .option("--allow <address@digest...>", "entries that the guard lets pass", [])
    .option(
      "--allow-file <file>",
      "a text that holds them, such as a pull request's: --allow <address@digest>",
    )
    .option("--keep <folder>", "keep plans and logs there; they hold secrets in clear");
}

/** The entries of both options. */
export function allowances({ allow, allowFile }: AllowFlags): string[] {
  if (allowFile === undefined) return [...allow];
  const text = readFileSync(allowFile, "utf8");
  const entries = text.matchAll(/--allow[ =]`?([^\s`]+@sha256:[0-9a-f]{64})\b/g);
  return [...allow, ...[...entries].flatMap(([, entry]) => entry ?? [])];
}
