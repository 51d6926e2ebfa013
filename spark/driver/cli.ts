import { Command } from "commander";
import { exitCodeHelp, revenueMart } from "../../dataset";
import { stoppable } from "../../job/commands/stoppable";
import { asFailure, Failure } from "../../job/failure";
import { Home } from "../../job/home";
import { countText, secondsText } from "../../job/text";
import { monthRange } from "./months";
import { progressOn } from "./progress";
import { revenue, type RevenueResult } from "./revenue";
import { parseCommand } from "../../job/parse-command";

interface Options {
  readonly home: string;
  readonly from?: string;
  readonly to?: string;
  readonly memory: string;
  readonly json?: boolean;
}

/**
 * The Spark program.
 *
 * @param argv arguments without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("spark")
    .description("Runs the PySpark programs of this project on this machine.")
    .addHelpText("after", exitCodeHelp())
    .exitOverride();
  program
    .command("revenue")
    .description(
      `replace months of core.${revenueMart.name}: revenue by zone, month and service, from the lake`,
    )
    .option("--from <month>", "first month, for example 2019-01; without a range, all months are replaced")
    .option("--to <month>", "last month")
    .option("--home <folder>", "folder of lake and warehouse", ".tributary")
    .option("--memory <size>", "memory of Spark, for example 4g", "1g")
    .option("--json", "print the result as JSON on the last line of standard output")
    .action(async (options: Options) => {
      exitCode = await runRevenue(options);
    });
  return (await parseCommand(program, argv)) ?? exitCode;
}

async function runRevenue(options: Options): Promise<number> {
  const progress = progressOn(process.stderr);
  try {
    const { from, to, memory } = options;
    if (!/^[1-9]\d*[mg]$/.test(memory))
      throw new Failure("permanent", `--memory: "${memory}" is not a valid size: use for example 4g or 800m`);
    const range = monthRange(from, to);
    const result = await stoppable(
      (cleanups) =>
        revenue({ home: new Home(options.home), memory, ...(range && { range }) }, progress, cleanups),
      progress,
    );
    process.stdout.write(`${options.json === true ? JSON.stringify(result) : textOf(result)}\n`);
    return 0;
  } catch (error) {
    const { kind, exitCode, message } = asFailure(error);
    progress.close();
    process.stderr.write(`✗ ${message}\n`);
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ error: { kind, exitCode, message } })}\n`);
    return exitCode;
  }
}

function textOf({ months, rows, trips, revenue: dollars, sparkSeconds, seconds }: RevenueResult): string {
  const [whole = "", cents = ""] = dollars.split(".");
  const amount = `$${Number(whole).toLocaleString("en-US")}.${cents}`;
  return (
    `✓ ${countText(months, "month")}, ${countText(trips, "trip")}, ${amount} as ${countText(rows, "row")} ` +
    `in core.${revenueMart.name}; ${secondsText(seconds)}, of which Spark ${secondsText(sparkSeconds)}`
  );
}
