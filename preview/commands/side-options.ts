import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";

/** Options of every command that synthesizes. */
export interface AppFlags {
  readonly env?: string;
  readonly head?: string;
}

export function withApp(command: Command): Command {
  return command
    .addOption(new Option("--env <name>", "environment to synthesize").env("PLATFORM_ENV"))
    .option("--head <ref|folder>", "git ref or folder to preview (default: the working tree)");
}

/** Options of commands that compare base and head. */
export interface SideFlags extends AppFlags {
  readonly base?: string;
  readonly baseCommit?: string;
  readonly headCommit?: string;
  readonly causes: boolean;
}

export function withSides(command: Command): Command {
  return withApp(command)
    .option(
      "--base <ref|folder>",
      "git ref or folder to compare with (default: the merge base with the main branch)",
    )
    .option("--base-commit <sha>", "commit to show in the report")
    .option("--head-commit <sha>", "commit to show in the report")
    .option("--no-causes", "do not determine which files cause the changes");
}

/** Options of commands that plan. */
export interface StackFlags extends AllowFlags {
  readonly stack?: readonly string[];
  readonly except?: readonly string[];
  readonly keep?: string;
}

export interface AllowFlags {
  readonly allow: readonly string[];
  readonly allowFile?: string;
}

export function withStacks(command: Command): Command {
  return withAllow(command)
    .option("--stack <name...>", "only these stacks")
    .option("--except <name...>", "all stacks except these")
    .option("--keep <folder>", "keep plans and logs in this folder; they contain secrets in plain text");
}

export function withAllow(command: Command): Command {
  return command
    .option("--allow <address@digest...>", "changes that the guard allows", [])
    .option(
      "--allow-file <file>",
      "text file with --allow <address@digest> entries, such as a pull request description",
    );
}

/** The entries of both options. */
export function allowances({ allow, allowFile }: AllowFlags): string[] {
  if (allowFile === undefined) return [...allow];
  const text = readFileSync(allowFile, "utf8");
  const entries = text.matchAll(/--allow[ =]`?([^\s`]+@sha256:[0-9a-f]{64})\b/g);
  return [...allow, ...[...entries].flatMap(([, entry]) => entry ?? [])];
}
