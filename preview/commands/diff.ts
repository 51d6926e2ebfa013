import { Command } from "commander";
import { PreviewInputError } from "../input-error";
import { diffReport } from "../preview";
import type { SynthesizedApp } from "../synth/app";
import { readApp } from "../synth/read";
import { openSides } from "../synthesis/sides";
import { inWorkspace } from "../workspace/workspace";
import { interruptible } from "../../terraform/interruption";
import { formatOption, outputsOf, write } from "./output";
import { type AllowFlags, allowances, type SideFlags, withAllow, withSides } from "./side-options";

interface Options extends SideFlags, AllowFlags {
  readonly format: readonly string[];
}

/** `diff`: reports the differences between two synthesized apps, without Terraform and credentials. */
export function diffCommand(): Command {
  return withAllow(withSides(new Command("diff")))
    .description("compare the synthesized JSON of base and head, without Terraform and credentials")
    .addOption(formatOption())
    .action(async (options: Options) => {
      const outputs = outputsOf(options.format);
      const allow = allowances(options);
      const report = await interruptible((signal) =>
        inWorkspace(async (workspace) => {
          const sides = await openSides({ ...options, compare: "always" }, workspace, signal);
          const { base, head, commits, causes, sources, warnings } = sides;
          return diffReport({
            base: base === undefined ? { stacks: [] } : appIn("base", base),
            head: appIn("head", head),
            ...{ commits, causes, sources, warnings, allow },
          });
        }),
      );
      await write(report, outputs);
    });
}

function appIn(side: "base" | "head", folder: string): SynthesizedApp {
  try {
    return readApp(folder);
  } catch (error) {
    if (error instanceof PreviewInputError) throw new Error(`${side} ${error.message}`);
    throw error;
  }
}
