import { type Command, CommanderError } from "commander";
import { asFailure } from "./failure";

/**
 * Parses the arguments and runs the command. Prints what fails, and returns its exit code; undefined when nothing failed.
 *
 * @param program with `exitOverride()`, so that the parser does not end the process
 */
export async function parseCommand(program: Command, argv: readonly string[]): Promise<number | undefined> {
  try {
    await program.parseAsync(argv, { from: "user" });
    return undefined;
  } catch (error) {
    // The parser has printed help and usage errors.
    if (error instanceof CommanderError) return error.exitCode;
    const failure = asFailure(error);
    process.stderr.write(`${failure.message}\n`);
    return failure.exitCode;
  }
}

/** Collects the values of an option that can be given several times. */
export function repeated(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
