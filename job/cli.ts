import { Command } from "commander";
import {
  apiEndpoints,
  datasetOption,
  exitCodeHelp,
  fromOption,
  jobVariables,
  periodOption,
  runSubcommand,
  taskVariables,
  toOption,
} from "../dataset";
import type { AuditOptions } from "./commands/audit";
import type { CheckOptions } from "./commands/check";
import type { DraftOptions } from "./commands/draft";
import type { ListOptions } from "./commands/list";
import { runIngest, type RunOptions } from "./commands/run";
import type { RejectsOptions } from "./commands/rejects";
import type { StatusOptions } from "./commands/status";
import { Home } from "./home";
import { parseCommand, repeated } from "./parse-command";

const homeOption = ["--home <folder>", "folder of lake, warehouse and database", ".tributary"] as const;

/**
 * The ingest program.
 *
 * @param argv arguments without the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("ingest")
    .description("Ingests periods of data sets into lake, warehouse and database.")
    .addHelpText("after", help())
    .exitOverride();

  program
    .command("draft")
    .description("write the specification of a data set into catalog/, from a file or URL")
    .argument("<file or URL>", "CSV, lines of JSON, or Parquet; the text also in gzip or zip")
    .option("--id <id>", "id of the data set; by default from the name of the file")
    .action(async (address: string, options: DraftOptions) => {
      const { draftCommand } = await import("./commands/draft");
      await draftCommand(address, options, apiEndpoints(process.env), (text) => process.stdout.write(text));
    });

  program
    .command("check")
    .description("read the header and a thousand rows of a period's file, and write nothing")
    .argument("<data set>", "data set in the catalog, or in SPECIFICATIONS")
    .option("--period <period>", "by default, the first one")
    .option("--source <address>", "URL or path that overrides the specification's")
    .action(async (id: string, options: CheckOptions) => {
      const { checkCommand } = await import("./commands/check");
      exitCode = await checkCommand(id, options, process.env, (text) => process.stdout.write(text));
    });

  program
    .command("list")
    .description("list the data sets, which of their periods are due, and when the next ones are scheduled")
    .option(...homeOption)
    .option("--json", "print JSON")
    .action(async (options: ListOptions) => {
      const { listCommand } = await import("./commands/list");
      await listCommand(options, process.env);
    });

  program
    .command(runSubcommand)
    .description("ingest one or more periods of a data set")
    .argument("[data set]", `same as ${datasetOption}`)
    .option(`${datasetOption} <id>`, "data set in the catalog, or in SPECIFICATIONS")
    .option(
      `${periodOption} <period>`,
      "period to ingest, for example 2019-01; several separated by commas, or repeated",
      repeated,
    )
    .option(`${fromOption} <period>`, "first period of a range")
    .option(`${toOption} <period>`, "last period of a range")
    .option(
      "--source <address>",
      "URL or path that overrides the specification's, with {period} or {year} {month} {day}",
    )
    .option(...homeOption)
    .option("--database <url>", "Postgres to load instead of the embedded one: postgres://...")
    .option("--no-database", "skip the database")
    .option(
      "--keep-going",
      "ingest the other periods when one fails; the exit code is that of the first failure",
    )
    .option("--dry-run", "download, convert and verify the source, and write to no destination")
    .option("--force", "run all steps, even if nothing has changed")
    .option("--allow-shrink", "accept a source with no rows, or far fewer rows than before")
    .option(
      "--replace",
      "drop a table whose columns have other types, with all its periods, and create it again",
    )
    .option("--json", "print the result as JSON on the last line of standard output")
    .action(async (dataset: string | undefined, options: RunOptions) => {
      exitCode = await runIngest({ ...(dataset !== undefined && { dataset }), ...options }, process.env);
    });

  program
    .command("status")
    .description("show what has been ingested")
    .option("--dataset <id>", "only this data set")
    .option(...homeOption)
    .option("--json", "print JSON")
    .action(async (options: StatusOptions) => {
      const { statusCommand } = await import("./commands/status");
      await statusCommand(options, process.env);
    });

  program
    .command("rejects")
    .description("show the rows of a period that were rejected, and why")
    .argument("<dataset>", "data set")
    .argument("<period>", "period, for example 2019-01")
    .option("--limit <rows>", "show at most this many rows", Number, 20)
    .option(...homeOption)
    .option("--json", "print one JSON object per row")
    .action(async (dataset: string, period: string, options: RejectsOptions) => {
      const { rejectsCommand } = await import("./commands/rejects");
      await rejectsCommand(dataset, period, options, process.env);
    });

  for (const [name, description] of [
    ["verify", "compare manifests, lake and tables; exit with code 3 if they differ"],
    ["repair", "reload tables from the lake, and restore the lake's manifests from its files"],
  ] as const) {
    program
      .command(name)
      .description(description)
      .option("--dataset <id>", "only this data set")
      .option(...homeOption)
      .option("--database <url>", "Postgres to use instead of the embedded one: postgres://...")
      .option("--no-database", "skip the database")
      .option("--deep", "also compare tables with the lake value by value")
      .option("--json", "print the result as JSON on the last line of standard output")
      .action(async (options: AuditOptions) => {
        const { auditCommand } = await import("./commands/audit");
        exitCode = await auditCommand(name, options, process.env);
      });
  }

  program
    .command("database")
    .description("start the embedded Postgres, print its URL, and run it until Ctrl-C")
    .option(...homeOption)
    .action(async ({ home }: Pick<StatusOptions, "home">) => {
      const { databaseCommand } = await import("./commands/database");
      await databaseCommand(
        new Home(home),
        (text) => process.stdout.write(text),
        (text) => process.stderr.write(`${text}\n`),
      );
    });

  return (await parseCommand(program, argv)) ?? exitCode;
}

/** Exit codes and environment variables, from the job's contract. */
function help(): string {
  const variables = Object.values(jobVariables)
    .flatMap((group) => Object.entries(group))
    .map(([name, meaning]) => `  ${name.padEnd(21)} ${meaning}`);
  return [
    exitCodeHelp(),
    "\nEnvironment variables in the cloud:",
    ...variables,
    `\nOf several tasks (${taskVariables.count}), the nth (${taskVariables.index}, from 0) ingests the nth period.`,
  ].join("\n");
}
