import { Command, CommanderError } from "commander";
import { diffCommand } from "./commands/diff";
import { renderCommand } from "./commands/render";

/** `npm run preview -- <command>`. Exit codes: 0 no changes, 1 error, 2 changed, 3 guard failed. */
async function main(): Promise<void> {
  await new Command("preview")
    .description("what a change of infrastructure does, before it is applied")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addCommand(renderCommand().exitOverride())
    .addCommand(diffCommand().exitOverride())
    .parseAsync();
}

void main().catch((error: unknown) => {
  // Commander has said it already, and help is no error.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
});
