import { Command } from "commander";
import { PreviewInputError } from "../input-error";
import { diffReport } from "../preview";
import type { SynthesizedApp } from "../synth/app";
import { readApp } from "../synth/read";
import { formatOption, outputsOf, write } from "./output";

interface Options {
  readonly base: string;
  readonly head: string;
  readonly allow: readonly string[];
  readonly format: readonly string[];
}

/** `diff`: what changes between two syntheses, without Terraform and without credentials. */
export function diffCommand(): Command {
  return new Command("diff")
    .description("compare two syntheses, without Terraform")
    .requiredOption("--base <folder>", "what base synthesizes, such as a copy of cdktf.out")
    .option("--head <folder>", "what head synthesizes", "cdktf.out")
    .option("--allow <address@digest...>", "entries that the guard lets pass", [])
    .addOption(formatOption())
    .action(async ({ base, head, allow, format }: Options) => {
      const outputs = outputsOf(format);
      await write(diffReport({ base: appIn(base), head: appIn(head), allow }), outputs);
    });
}

function appIn(folder: string): SynthesizedApp {
  try {
    return readApp(folder);
  } catch (error) {
    if (error instanceof PreviewInputError) throw new Error(`${folder} ${error.message}`);
    throw error;
  }
}
