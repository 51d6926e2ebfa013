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

/** `deploy`: applies exactly the plans that were reviewed. */
export function deployCommand(): Command {
  return withStacks(withApp(new Command("deploy")))
    .description("plan all stacks, compare the digest with the reviewed one, and apply exactly these plans")
    .requiredOption("--expect <digest>", "digest of the reviewed preview")
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

/** Accepts only complete digests: a prefix could match another plan. */
function digest(text: string): string {
  const found = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text.trim());
  if (found?.[1] === undefined)
    throw new Error(
      `"${text}" is not a valid digest: copy it from the preview, sha256: followed by 64 hexadecimal digits`,
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
    ...(failed.length === 0 ? [] : [`Failed: ${failed.join(", ")}; changes may be partially applied.`]),
    ...(left.length > 0 ? [`Not started: ${left.join(", ")}.`] : []),
    ...(failed.length > 0 || left.length > 0
      ? ["The remaining changes have a new digest: review and deploy them again."]
      : []),
    ...(failed.length === 0 && left.length === 0 && applied.length === 0 ? ["There are no changes."] : []),
  ];
  say(parts.join(" "));
  process.exitCode = aborted ? interruptedExitCode : failed.length > 0 ? exitCodes.error : 0;
}
