import { Command } from "commander";
import { exitCodeHelp } from "../../dataset";
import { stoppable } from "../../job/commands/stoppable";
import { asFailure } from "../../job/failure";
import { Home } from "../../job/home";
import type { TransformSummary } from "./outcome";
import { progressOn } from "./progress";
import { transform } from "./run";
import { summaryText } from "./summary-text";
import { parseCommand, repeated } from "../../job/parse-command";

interface Options {
  readonly home: string;
  readonly period?: readonly string[];
  readonly fullRefresh?: boolean;
  readonly json?: boolean;
}

/**
 * The transform program.
 *
 * @param argv arguments without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("transform")
    .description(
      "Builds, tests and documents the models of the dbt project in the warehouse on this machine.",
    )
    .addHelpText("after", exitCodeHelp())
    .exitOverride();
  for (const [name, description] of [
    ["build", "build the models from what has changed in raw, and test them"],
    ["test", "run the tests of the models and sources"],
    ["docs", "write the documentation of the models as one page"],
  ] as const) {
    const command = program
      .command(name)
      .description(description)
      .option("--home <folder>", "folder of lake, warehouse and database", ".tributary")
      .option("--json", "print the result as JSON on the last line of standard output");
    if (name !== "docs")
      command.option(
        "--period <period>",
        "only this period, for example 2019-01; several separated by commas, or repeated",
        repeated,
      );
    if (name === "build") command.option("--full-refresh", "build all tables from nothing");
    command.action(async (options: Options) => {
      exitCode = await run(name, options);
    });
  }
  return (await parseCommand(program, argv)) ?? exitCode;
}

async function run(command: TransformSummary["command"], options: Options): Promise<number> {
  const progress = progressOn(process.stderr);
  const summary = await stoppable(
    (cleanups) =>
      transform(
        {
          command,
          home: new Home(options.home),
          fullRefresh: options.fullRefresh === true,
          ...(options.period && { periods: options.period }),
        },
        progress,
        cleanups,
      ).catch((error: unknown): TransformSummary => failed(command, error)),
    progress,
  );
  progress.close();
  process.stdout.write(`${options.json === true ? JSON.stringify(summary) : summaryText(summary)}\n`);
  if (summary.error !== undefined && options.json === true)
    process.stderr.write(`✗ ${summary.error.message}\n`);
  return summary.error?.exitCode ?? 0;
}

/** A run that failed as a whole. */
function failed(command: TransformSummary["command"], error: unknown): TransformSummary {
  const { kind, exitCode, message } = asFailure(error, "the warehouse");
  return {
    command,
    periods: [],
    changed: false,
    models: [],
    tests: { passed: 0, warned: 0, failed: 0 },
    failures: [],
    seconds: 0,
    error: { kind, exitCode, message },
  };
}
