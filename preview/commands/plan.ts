import { Command } from "commander";
import { planApp } from "../plans/plan-app";
import { previewReport } from "../preview";
import { inWorkspace } from "../workspace/workspace";
import { interruptible } from "../../terraform/interruption";
import { readFindings } from "./findings";
import { formatOption, outputsOf, write } from "./output";
import { allowances, type SideFlags, type StackFlags, withSides, withStacks } from "./side-options";

interface Options extends SideFlags, StackFlags {
  readonly credentials: boolean;
  readonly synthesized?: string;
  readonly findings: readonly string[];
  readonly strictChecks: boolean;
  readonly format: readonly string[];
}

/** `plan`: synthesizes the app, plans all stacks, and reports the changes. */
export function planCommand(): Command {
  return withStacks(withSides(new Command("plan")))
    .description("synthesize the app, plan all stacks with Terraform, and report the changes")
    .option("--no-credentials", "plan against the state that base would create, without cloud access")
    .option("--synthesized <folder>", "plan the output of `synth`, which may come from untrusted code")
    .option("--findings <file...>", "SARIF files of guardrails and scanners", [])
    .option("--strict-checks", "exit with 2 if a check fails, even without changes", false)
    .addOption(formatOption())
    .action(async (options: Options) => {
      const outputs = outputsOf(options.format);
      const allow = allowances(options);
      const findings = readFindings(options.findings);
      const report = await interruptible((signal) =>
        inWorkspace(async (workspace) => {
          const { input } = await planApp(options, workspace, signal);
          return previewReport({ ...input, allow, findings, strictChecks: options.strictChecks });
        }),
      );
      await write(report, outputs);
    });
}
