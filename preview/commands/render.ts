import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Command, Option } from "commander";
import { faultOf } from "../files";
import type { PlanInput, PreviewInput } from "../input";
import { PreviewInputError } from "../input-error";
import { previewReport } from "../preview";
import type { Truth } from "../report";
import type { SynthesizedApp } from "../synth/app";
import { readApp } from "../synth/read";
import { readFindings } from "./findings";
import { formatOption, outputsOf, write } from "./output";
import { type AllowFlags, allowances, withAllow } from "./side-options";

interface Options extends AllowFlags {
  readonly plan: readonly string[];
  readonly base?: string;
  readonly head?: string;
  readonly truth: Truth;
  readonly baseCommit?: string;
  readonly headCommit?: string;
  readonly findings: readonly string[];
  readonly strictChecks: boolean;
  readonly format: readonly string[];
}

/** `render`: reports the changes of existing plan files. */
export function renderCommand(): Command {
  return withAllow(new Command("render"))
    .description("report the changes of existing plans, the output of `terraform show -json <plan file>`")
    .requiredOption("--plan <[stack=]file...>", "plan files; the default stack name is derived from the path")
    .option(
      "--base <folder>",
      "synthesized base, to report removed stacks and the paths of deleted resources",
    )
    .option(
      "--head <folder>",
      "synthesized head, to report construct paths, stack order and affected resources",
    )
    .addOption(
      new Option("--truth <truth>", "what the plans were created against")
        .choices(["state", "base"])
        .default("state"),
    )
    .option("--base-commit <sha>", "commit to show in the report")
    .option("--head-commit <sha>", "commit to show in the report")
    .option("--findings <file...>", "SARIF files of guardrails and scanners", [])
    .option("--strict-checks", "exit with 2 if a check fails, even without changes", false)
    .addOption(formatOption())
    .action(render);
}

async function render(options: Options): Promise<void> {
  const outputs = outputsOf(options.format);
  const allow = allowances(options);
  const warnings: string[] = [];
  const base = optionalApp("base", options.base, warnings);
  const head = optionalApp("head", options.head, warnings);
  const names = new Set([...(base?.stacks ?? []), ...(head?.stacks ?? [])].map(({ name }) => name));
  const plans = options.plan.map((argument) => planInput(argument, names));
  rejectDuplicates(plans);
  const input: PreviewInput = {
    plans,
    ...(base !== undefined && { base }),
    ...(head !== undefined && { head }),
    truth: options.truth,
    commits: {
      ...(options.baseCommit !== undefined && { base: options.baseCommit }),
      ...(options.headCommit !== undefined && { head: options.headCommit }),
    },
    allow,
    findings: readFindings(options.findings),
    warnings,
    strictChecks: options.strictChecks,
  };
  await write(previewReport(input), outputs);
}

/** The synthesis is optional: if it is missing, the report is less detailed and contains a warning. */
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
    warnings.push(`--${side} ${folder} ${error.message}; the report does not use the synthesized ${side}`);
    return undefined;
  }
}

/** A stack and an address identify a change, so two plans of one stack would be mixed up. */
function rejectDuplicates(plans: readonly PlanInput[]): void {
  const names = new Set<string>();
  for (const { stack } of plans) {
    if (names.has(stack))
      throw new Error(`several plans are named ${stack}; name their stacks: --plan <stack>=<file>`);
    names.add(stack);
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
      error: `${file} ${faultOf(error, "read")}`,
    };
  }
}

/** `prod-lake` for `plans/prod-lake.json`, `add-column.prod-lake.tfplan.json` and `stacks/prod-lake/plan.json`. */
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
