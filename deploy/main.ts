import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Interrupted } from "../terraform/child";
import { interruptedExitCode, interruptible } from "../terraform/interruption";
import { exitCodes } from "./exit-codes";
import { run } from "./run";
import type { Request } from "./request";

/** `npm run deploy` and `npm run destroy`; docs/deploy.md explains both, and exit-codes.ts how they end. */
async function main(): Promise<void> {
  // A reader of the output that goes away must not end this process, and Terraform with it.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  await new Command("npm run")
    .exitOverride()
    .addCommand(command("deploy", "plan all stacks, ask, and apply the plans in the order of the stacks"))
    .addCommand(command("destroy", "plan, ask, and destroy the stacks in the reverse order"))
    .parseAsync();
}

type Options = Omit<Request, "action">;

function command(action: Request["action"], description: string): Command {
  return new Command(action)
    .exitOverride()
    .description(description)
    .usage("[-- options]")
    .addOption(new Option("--env <name>", "environment (default: dev)").env("PLATFORM_ENV"))
    .option("--stack <name...>", "only these stacks")
    .option("--except <name...>", "not these stacks")
    .option("--parallelism <number>", "how many stacks run at the same time", positive, 4)
    .option("--auto-approve", "do not ask", false)
    .option(
      "--migrate-state",
      "copy the state to the backend of the configuration, if another one holds it",
      false,
    )
    .action(async (options: Options) => {
      process.exitCode = await interruptible((signal, force) =>
        run({ ...options, action }, { signal, force }),
      );
    });
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("must be a whole number from 1 to 999.");
  return Number(text);
}

void main().catch((error: unknown) => {
  // Commander has said it already, and help is no error.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.failed;
  else if (error instanceof Interrupted) process.exitCode = interruptedExitCode;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
});
