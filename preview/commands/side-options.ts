import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";

/** Options of commands that synthesize. */
export interface SideFlags {
  readonly env?: string;
  readonly base?: string;
  readonly head?: string;
  readonly baseCommit?: string;
  readonly headCommit?: string;
  readonly causes: boolean;
}

export function withSides(command: Command): Command {
  return command
    .addOption(new Option("--env <name>", "environment, as PLATFORM_ENV").env("PLATFORM_ENV"))
    .option("--base <ref|folder>", "what to compare with (default: where the branch left the main branch)")
    .option("--head <ref|folder>", "what to preview (default: the files of this folder)")
    .option("--base-commit <sha>", "named in the report")
    .option("--head-commit <sha>", "named in the report")
    .option("--no-causes", "do not find out which file causes what");
}

/** Options of commands that plan. */
export interface PlanFlags extends SideFlags {
  readonly stack?: readonly string[];
  readonly except?: readonly string[];
  readonly allow: readonly string[];
  readonly allowFile?: string;
  readonly keep?: string;
}

export function withPlan(command: Command): Command {
  return withSides(command)
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
export function allowances({ allow, allowFile }: PlanFlags): string[] {
  if (allowFile === undefined) return [...allow];
  const text = readFileSync(allowFile, "utf8");
  return [
    ...allow,
    ...[...text.matchAll(/--allow[ =]`?([^\s`]+@sha256:[0-9a-f]{64})\b/g)].flatMap(([, one]) => one ?? []),
  ];
}
