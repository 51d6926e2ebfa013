import { Command, CommanderError, InvalidArgumentError } from "commander";
import { commentCommand } from "./commands/comment";
import { deployCommand } from "./commands/deploy";
import { diffCommand } from "./commands/diff";
import { interruptedExitCode } from "../terraform/interruption";
import { planCommand } from "./commands/plan";
import { renderCommand } from "./commands/render";
import { synthCommand } from "./commands/synth";
import { Interrupted } from "../terraform/child";

/** `npm run preview -- <command>`. Exit codes: 0 no changes, 1 error, 2 changed, 3 guard failed. */
async function main(): Promise<void> {
  await new Command("preview")
    .description("Reports what a change does to the infrastructure before it is applied.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addCommand(planCommand().exitOverride())
    .addCommand(diffCommand().exitOverride())
    .addCommand(renderCommand().exitOverride())
    .addCommand(synthCommand().exitOverride())
    .addCommand(commentCommand().exitOverride())
    .addCommand(deployCommand().exitOverride())
    .parseAsync();
}

void main().catch((error: unknown) => {
  // Commander has already printed the message. Help is not an error.
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError))
    process.exitCode = error.exitCode === 0 ? 0 : 1;
  else if (error instanceof Interrupted) process.exitCode = interruptedExitCode;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
});
