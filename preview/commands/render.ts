import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Command, Option } from "commander";
import type { PlanInput, PreviewInput } from "../input";
import { PreviewInputError } from "../input-error";
import { findingsIn } from "../judge/findings";
import { previewReport } from "../preview";
import type { Truth } from "../report";
import type { SynthesizedApp } from "../synth/app";
import { readApp } from "../synth/read";
import { formatOption, outputsOf, write } from "./output";

interface Options {
  readonly plan: readonly string[];
  readonly base?: string;
  readonly head?: string;
  readonly truth: Truth;
  readonly baseCommit?: string;
  readonly headCommit?: string;
  readonly allow: readonly string[];
  readonly findings: readonly string[];
  readonly strictChecks: boolean;
  readonly format: readonly string[];
}

/** `render`: a report from plan JSON that exists. */
export function renderCommand(): Command {
  return new Command("render")
    .description("report plans that exist already, as `terraform show -json <plan file>` prints them")
    .requiredOption(
      "--plan <[stack=]file...>",
      "plans; a stack's name is taken from the file's name or its folder's",
    )
    .option(
      "--base <folder>",
      "what base synthesizes: for stacks that are gone, and the place of what is deleted",
    )
    .option(
      "--head <folder>",
      "what head synthesizes: for construct paths, the order of stacks, and what is touched",
    )
    .addOption(
      new Option("--truth <truth>", "what the plans were made against")
        .choices(["state", "base"])
        .default("state"),
    )
    .option("--base-commit <sha>", "named in the report")
    .option("--head-commit <sha>", "named in the report")
    .option("--allow <address@digest...>", "entries that the guard lets pass", [])
    .option("--findings <file...>", "SARIF of guardrails and scanners", [])
    .option("--strict-checks", "exit with 2 where a check fails and nothing else changes", false)
    .addOption(formatOption())
    .action(render);
}

async function render(options: Options): Promise<void> {
  const outputs = outputsOf(options.format);
  const warnings: string[] = [];
  const base = optionalApp("base", options.base, warnings);
  const head = optionalApp("head", options.head, warnings);
  const names = new Set([...(base?.stacks ?? []), ...(head?.stacks ?? [])].map(({ name }) => name));
  const plans = options.plan.map((argument) => planInput(argument, names));
  const input: PreviewInput = {
    plans,
    ...(base !== undefined && { base }),
    ...(head !== undefined && { head }),
    truth: options.truth,
    commits: {
      ...(options.baseCommit !== undefined && { base: options.baseCommit }),
      ...(options.headCommit !== undefined && { head: options.headCommit }),
    },
    allow: options.allow,
    findings: options.findings.flatMap((file) => findingsIn(readFileSync(file, "utf8"))),
    warnings,
    strictChecks: options.strictChecks,
  };
  await write(previewReport(input), outputs);
}

/** A plan says enough by itself: a synthesis that is missing makes the report poorer, and the report says so. */
function optionalApp(
  side: "base" | "head",
  folder: string | undefined,
  warnings: string[],
): SynthesizedApp | undefined {
  if (folder === undefined) return undefined;
  try {
    return readApp(folder);
  } catch (error) {
    if (!(error instanceof PreviewInputError)) throw error;
    warnings.push(`--${side} ${folder} ${error.message}: the report goes without what ${side} synthesizes`);
    return undefined;
  }
}

function planInput(argument: string, known: ReadonlySet<string>): PlanInput {
  const [, name, path] = /^([\w.-]+)=(.+)$/.exec(argument) ?? [];
  const file = path ?? argument;
  const stack = name ?? stackName(file, known);
  try {
    return { stack, content: readFileSync(file) };
  } catch (error) {
    return {
      stack,
      error: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** `prod-lake` of `plans/prod-lake.json`, `add-column.prod-lake.tfplan.json` and `stacks/prod-lake/plan.json`. */
function stackName(file: string, known: ReadonlySet<string>): string {
  const name = basename(file).replace(/(?:\.tfplan|\.plan)?\.json$/, "");
  const ending = [...known]
    .filter((stack) => name === stack || name.endsWith(`.${stack}`))
    .sort((one, other) => other.length - one.length)[0];
  if (ending !== undefined) return ending;
  const folder = basename(dirname(file));
  return /^(?:tf)?plan$/.test(name) && folder !== "" && folder !== "."
    ? folder
    : (/\.([a-z][\w]*-[\w-]+)$/.exec(name)?.[1] ?? name);
}
