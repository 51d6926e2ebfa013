import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { prepareFolder } from "../files";
import { writeFacts } from "../synthesis/facts";
import { openSides } from "../synthesis/sides";
import { inWorkspace } from "../workspace/workspace";
import { interruptible } from "../../terraform/interruption";
import { type SideFlags, withSides } from "./side-options";

interface Options extends SideFlags {
  readonly output: string;
}

/** `synth`: runs the code of base and head, and writes the input of `plan --synthesized`. */
export function synthCommand(): Command {
  return withSides(new Command("synth"))
    .description("synthesize base and head for `plan --synthesized`, without Terraform and credentials")
    .requiredOption("--output <folder>", "output folder, empty or new")
    .action(async ({ output, ...options }: Options) => {
      prepareFolder("--output", output);
      if (readdirSync(output).length > 0) throw new Error(`${output} is not empty; specify a new folder`);
      await interruptible((signal) =>
        inWorkspace(async (workspace) => {
          const sides = await openSides({ ...options, compare: "always" }, workspace, signal);
          for (const side of ["base", "head"])
            cpSync(join(workspace, side), join(output, side), { recursive: true });
          const { commits, causes, sources, warnings } = sides;
          writeFacts(output, { ...commits, causes, sources, warnings });
        }),
      );
      process.stdout.write(`Wrote base, head and facts.json to ${output}\n`);
    });
}
