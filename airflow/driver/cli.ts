import { Command } from "commander";
import { Home } from "../../job/home";
import { runAirflow } from "./airflow";
import { dagTest, type DagTestOptions } from "./dag-test";
import { standalone, type StandaloneOptions } from "./standalone";
import { parseCommand } from "../../job/parse-command";

const homeOption = [
  "--home <folder>",
  "folder of lake, warehouse, database and Airflow",
  ".tributary",
] as const;

/**
 * Airflow on this machine.
 *
 * @param argv arguments without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("airflow")
    .description("Runs the pipelines of the data sets with Airflow on this machine.")
    .enablePositionalOptions()
    .exitOverride();
  program
    .command("start", { isDefault: true })
    .description("run Airflow with its web server and scheduler until Ctrl-C")
    .option(...homeOption)
    .option("--port <port>", "port of the web server (default: 8080, or a free one)")
    .option("--catch-up", "make up for the runs that were missed, from the first period on")
    .action(async (options: StandaloneOptions) => {
      await standalone(options);
    });
  program
    .command("test <dataset>")
    .description("run the DAG of a data set once, without web server and scheduler (airflow dags test)")
    .option("--period <period>", "period to ingest, for example 2019-01; default: the one that is due")
    .option("--from <period>", "first period of a range")
    .option("--to <period>", "last period of a range")
    .option("--force", "run all steps, even if nothing has changed")
    .option(
      "--source <address>",
      "URL or path that overrides the specification's, with {period} {year} {month} {day}",
    )
    .option(...homeOption)
    .option("--verbose", "show the whole log of Airflow")
    .action(async (dataset: string, options: DagTestOptions) => {
      exitCode = await dagTest(dataset, options);
    });
  program
    .command("cli [arguments...]")
    .description("run a command of Airflow with the same database: cli dags list-runs yellow_tripdata")
    .option(...homeOption)
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (args: readonly string[], { home }: { readonly home: string }) => {
      exitCode = await runAirflow(new Home(home), args);
    });
  return (await parseCommand(program, argv)) ?? exitCode;
}
