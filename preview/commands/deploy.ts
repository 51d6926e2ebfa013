import { Command } from "commander";
import { type Deployed, deployApp } from "../plans/deploy-app";
import { inWorkspace } from "../workspace/workspace";
import { interruptible, interruptedExitCode } from "../../terraform/interruption";
import { exitCodes, formatOption, outputsOf, write } from "./output";
import { allowances, type AppFlags, type StackFlags, withApp, withStacks } from "./side-options";

interface Options extends AppFlags, StackFlags {
  readonly expect: string;
  readonly format: readonly string[];
}

/** `deploy`: applies the plans that were reviewed, and nothing else. */
export function deployCommand(): Command {
  return withStacks(withApp(new Command("deploy")))
    .description(
      "plan, compare with the digest that was reviewed, and apply just these plans, in the order of the stacks",
    )
    .requiredOption("--expect <digest>", "digest of the preview that was reviewed")
    .addOption(formatOption().default([]))
    .action(async (options: Options) => {
      const outputs = outputsOf(options.format);
      const expect = digest(options.expect);
      await interruptible(async (signal) => {
        const settings = { ...options, causes: false, expect, allow: allowances(options) };
        const deployed = await inWorkspace((workspace) => deployApp(settings, workspace, signal, say));
        await write(deployed.report, outputs);
        conclude(deployed, signal);
      });
    });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A prefix could be that of another plan. */
function digest(text: string): string {
  const found = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text.trim());
  if (found?.[1] === undefined)
    throw new Error(
      `"${text}" is not a valid digest: take it whole from the preview, sha256: and 64 hexadecimal digits`,
    );
  return `sha256:${found[1]}`;
}

function conclude(deployed: Deployed, { aborted }: AbortSignal): void {
  if (deployed.kind === "refused") {
    process.stderr.write(`Nothing was applied: ${deployed.reason}\n`);
    process.exitCode = deployed.report.verdict === "error" ? exitCodes.error : exitCodes.guard;
    return;
  }
  const { applied, failed, left } = deployed.progress;
  const parts = [
    applied.length > 0 ? `Applied: ${applied.join(", ")}.` : "Nothing was applied.",
    ...(failed.length === 0 ? [] : [`Failed: ${failed.join(", ")}, whose changes may be made in part.`]),
    ...(left.length > 0 ? [`Not begun: ${left.join(", ")}.`] : []),
    ...(failed.length > 0 || left.length > 0
      ? ["What is left has another digest: review and deploy it anew."]
      : []),
    ...(failed.length === 0 && left.length === 0 && applied.length === 0
      ? ["There was nothing to change."]
      : []),
  ];
  say(parts.join(" "));
  process.exitCode = aborted ? interruptedExitCode : failed.length > 0 ? exitCodes.error : 0;
}
