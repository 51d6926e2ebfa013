import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { exitCodeHelp } from "../dataset";
import { messageOf } from "../errors/thrown";
import { Cleanups } from "../job/cleanups";
import { stoppable } from "../job/commands/stoppable";
import { asFailure, Failure } from "../job/failure";
import { Home } from "../job/home";
import {
  brokerFor,
  consumeTopic,
  type Context,
  type ReplayRequest,
  sendReplay,
  sourceOf,
  watch,
} from "./commands";
import { demo } from "./demo";
import { type View, viewOn } from "./view/view";
import { parseCommand } from "../job/parse-command";

interface Options extends ReplayRequest {
  readonly home: string;
  readonly broker?: string;
  readonly database?: boolean;
  readonly rides: number;
  readonly json?: boolean;
}

const homeOption = [
  "--home <folder>",
  "folder of broker, lake, warehouse and database",
  ".tributary",
] as const;
const defaultRides = 20_000;

/**
 * The program that streams rides.
 *
 * @param argv arguments without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const view = viewOn(process.stderr);
  const program = new Command("stream")
    .description("Streams taxi rides through Kafka into lake, warehouse and database, on this machine.")
    .addHelpText("after", exitCodeHelp())
    .exitOverride();
  const command = (
    name: string,
    description: string,
    work: (context: Context, options: Options) => Promise<unknown>,
  ) =>
    program
      .command(name)
      .description(description)
      .option(...homeOption)
      .action(async (options: Options) => {
        exitCode = await run(view, options, work);
      });

  command("demo", "all of it: broker, producer, sink, windows", (context, { rides, database }) =>
    demo(context, rides, database !== false),
  )
    .option("--rides <number>", "number of rides", positive, defaultRides)
    .option("--no-database", "skip the database");
  program
    .command("broker")
    .description("start the broker, print its address, and run it until Ctrl-C")
    .option(...homeOption)
    .action(async ({ home }: Options) => {
      exitCode = await runBroker(new Home(home), view);
    });
  command("produce", "send rides to the topic in order of pick-up", async (context, options) => {
    const source = await sourceOf(context, options);
    const broker = await brokerFor(context, options.broker);
    const { sent, skipped } = await sendReplay(context, broker, source, options, (produced) => {
      const done = produced.sent + produced.skipped;
      context.view.bar("rides", done, options.limit ?? done * 2, `${done.toLocaleString("en-US")} rides`);
    });
    return { replay: source.name, sent, skipped };
  })
    .option("--broker <host:port>", "another broker than the one of the home")
    .option("--period <month>", "month of yellow trips in the lake; a sample, if there is none")
    .option("--limit <number>", "number of rides; without it, all of the month", positive)
    .option(
      "--speed <factor>",
      "times as fast as the rides happened; without it, as fast as possible",
      positive,
    )
    .option("--late <share>", "share of the rides that are sent five minutes late, from 0 to 1", share)
    .option("--json", "print the result as JSON on the last line of standard output");
  command("consume", "read the topic into lake, warehouse and database", async (context, options) =>
    consumeTopic(context, await brokerFor(context, options.broker), options.database !== false),
  )
    .option("--broker <host:port>", "another broker than the one of the home")
    .option("--no-database", "skip the database")
    .option("--json", "print the result as JSON on the last line of standard output");
  return (await parseCommand(program, argv)) ?? exitCode;
}

async function run(
  view: View,
  options: Options,
  work: (context: Context, options: Options) => Promise<unknown>,
): Promise<number> {
  return stoppable(async (cleanups) => {
    try {
      const result = await work({ home: new Home(options.home), view, cleanups }, options);
      if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
      return 0;
    } catch (error) {
      const failure = error instanceof Failure ? error : asFailure(error, "the warehouse");
      view.line(`✗ ${failure.message}`);
      return failure.exitCode;
    } finally {
      await cleanups.run();
    }
  }, view);
}

/** Here, a signal is how the command is meant to end. */
async function runBroker(home: Home, view: View): Promise<number> {
  const cleanups = new Cleanups();
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  try {
    const broker = await brokerFor({ home, view, cleanups });
    process.stdout.write(`${broker.address}\n`);
    await Promise.race([interrupted, watch(broker)]);
    return 0;
  } catch (error) {
    view.line(`✗ ${messageOf(error)}`);
    return asFailure(error).exitCode;
  } finally {
    await cleanups.run();
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It is not a positive number.");
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError("It is not a number from 0 to 1.");
  return value;
}
