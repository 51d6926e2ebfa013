import { readFileSync } from "node:fs";
import { Command } from "commander";
import { findingsIn } from "../judge/findings";
import { planApp } from "../plans/plan-app";
import { previewReport } from "../preview";
import { inWorkspace } from "../workspace/workspace";
import { interruptible } from "../../terraform/interruption";
import { formatOption, outputsOf, write } from "./output";
import { allowances, type SideFlags, type StackFlags, withSides, withStacks } from "./side-options";

interface Options extends SideFlags, StackFlags {
  readonly credentials: boolean;
  readonly synthesized?: string;
  readonly findings: readonly string[];
  readonly strictChecks: boolean;
  readonly format: readonly string[];
}

/** `plan`: synthesizes, plans all stacks, and reports. */
export function planCommand(): Command {
  return withStacks(withSides(new Command("plan")))
    .description("synthesize, plan all stacks with Terraform, and report")
    .option("--no-credentials", "plan against what base would have made, without any state or cloud")
    .option("--synthesized <folder>", "plan what `synth` wrote there, by code that need not be trusted")
    .option("--findings <file...>", "SARIF of guardrails and scanners", [])
    .option("--strict-checks", "exit with 2 where a check fails and nothing else changes", false)
    .addOption(formatOption())
    .action(async (options: Options) => {
      const outputs = outputsOf(options.format);
      const allow = allowances(options);
      const findings = options.findings.flatMap((file) => findingsIn(readFileSync(file, "utf8")));
      const report = await interruptible((signal) =>
        inWorkspace(async (workspace) => {
          const { input } = await planApp(options, workspace, signal);
          return previewReport({ ...input, allow, findings, strictChecks: options.strictChecks });
        }),
      );
      await write(report, outputs);
    });
}
