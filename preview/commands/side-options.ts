import { type Command, InvalidArgumentError, Option } from "commander";
import { readInput } from "../files";

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

/**
 * The entries of both options. An entry that matches no change is reported as a warning, and so is an incomplete entry
 * in the file, which is text.
 *
 * @throws InvalidArgumentError if an entry of the option is not an address and a digest
 */
export function allowances({ allow, allowFile }: AllowFlags): string[] {
  for (const entry of allow)
    if (!/^.+@sha256:[0-9a-f]{64}$/.test(entry))
      throw new InvalidArgumentError(
        `--allow ${entry} is not valid: copy the entry from the preview, <address>@sha256: followed by 64 hexadecimal digits`,
      );
  if (allowFile === undefined) return [...allow];
  const text = readInput("--allow-file", allowFile).toString();
  // A key of for_each can contain spaces: google_x.y["a b"].
  const entries = text.matchAll(
    /--allow[ =]`?((?:[^\s`"<>]|"(?:[^"\\]|\\.)*")+@(?:sha256:[0-9a-f]{64}\b|[\w:]+))/g,
  );
  return [...allow, ...[...entries].flatMap(([, entry]) => entry ?? [])];
}
