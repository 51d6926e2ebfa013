import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { writeFacts } from "../synthesis/facts";
import { openSides } from "../synthesis/sides";
import { inWorkspace } from "../workspace/workspace";
import { interruptible } from "../../terraform/interruption";
import { type SideFlags, withSides } from "./side-options";

interface Options extends SideFlags {
  readonly output: string;
}

/** `synth`: runs the code of both sides, and writes all that `plan --synthesized` needs of it. */
export function synthCommand(): Command {
  return withSides(new Command("synth"))
    .description(
      "synthesize both sides, for `plan --synthesized` elsewhere; needs no Terraform and no credentials",
    )
    .requiredOption("--output <folder>", "where to write; empty, or not there")
    .action(async ({ output, ...options }: Options) => {
      if (existsSync(output) && readdirSync(output).length > 0)
        throw new Error(`${output} is not empty: name a new folder`);
      await interruptible((signal) =>
        inWorkspace(async (workspace) => {
          const sides = await openSides({ ...options, compare: "always" }, workspace, signal);
          mkdirSync(output, { recursive: true });
          for (const side of ["base", "head"])
            cpSync(join(workspace, side), join(output, side), { recursive: true });
          const { commits, causes, sources, warnings } = sides;
          writeFacts(output, { ...commits, causes, sources, warnings });
        }),
      );
      process.stdout.write(`${output}: base, head, and what is known of their difference\n`);
    });
}
