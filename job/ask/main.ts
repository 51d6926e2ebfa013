/** `npm run ask -- '<SQL>'`: queries the warehouse on this machine and prints the rows. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { messageOf } from "../../errors/thrown";
import { Home } from "../home";
import { countText } from "../text";
import { withWarehouse } from "../warehouse/open-warehouse";
import { csvHeader, type Format, formats, type Page, rowsText, tableText } from "./format";
import { prompt } from "./prompt";
import { runStatements, type Sink } from "./query";

interface Options {
  readonly home: string;
  readonly format: Format;
  readonly limit?: number;
}

const examples = `
Examples:
  npm run ask -- .tables
  npm run ask -- 'SELECT count(*) FROM raw.orders'
  npm run ask -- --format csv 'SELECT * FROM raw.orders' > orders.csv
  npm run ask                 asks for statements, with a history`;

const program = new Command("ask")
  .description(
    "Queries the warehouse on this machine. Reads statements from standard input if there is none.",
  )
  .argument("[sql]", "one or more statements, or .tables, or .schema <table>")
  .argument("[home]", "as --home")
  .option("--home <folder>", "folder of lake, warehouse and database", ".tributary")
  .addOption(
    new Option("--format <format>", "how rows are printed; json is one object per line")
      .choices(formats)
      .default("table"),
  )
  .option(
    "--limit <rows>",
    "print at most this many rows (default: 1000 as table or Markdown, else all)",
    rowCount,
  )
  .addHelpText("after", examples)
  .exitOverride()
  .action(async (sql: string | undefined, folder: string | undefined, options: Options) => {
    const home = new Home(folder ?? options.home);
    if (!existsSync(home.warehouse))
      throw new Error(
        `${home.warehouse} does not exist: ingest a data set first, or pass another folder with --home`,
      );
    const answer = (text: string) => answerTo(text, home, options);
    if (sql !== undefined) await answer(sql);
    else if ((await prompt(home.folder, answer)) > 0) process.exitCode = 1;
  });

void program.parseAsync(process.argv).catch((error: unknown) => {
  // The parser has printed help and usage errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
});

// `ask ... | head` ends the output early.
process.stdout.on("error", () => process.exit());

async function answerTo(sql: string, home: Home, { format, limit }: Options): Promise<void> {
  const isTable = format === "table" || format === "markdown";
  const tables: Cut[] = [];
  await withWarehouse(
    home.warehouse,
    (connection) =>
      runStatements(
        connection,
        sql,
        limit ?? (isTable ? 1000 : Number.MAX_SAFE_INTEGER),
        isTable ? collected(tables) : streamed(format),
      ),
    (holder) => {
      process.stderr.write(
        `${home.folder} is in use by ${holder}: waiting until that process has finished\n`,
      );
    },
  );
  // The warehouse is closed before anything is paged: a reader must not keep a run waiting.
  for (const page of tables) {
    if (page.rows.length === 0) process.stdout.write(`no rows (${page.columns.join(", ")})\n`);
    else if (isTable) await printed(tableText(page, format), format);
    sayIfCut(page.isCut, page.rows.length);
  }
}

type Cut = Page & { readonly isCut: boolean };

function collected(tables: Cut[]): Sink {
  let columns: readonly string[] = [];
  let rows: (readonly unknown[])[] = [];
  return {
    begin: (names) => {
      columns = names;
      rows = [];
    },
    rows: (more) => {
      rows.push(...more);
    },
    end: (isCut) => {
      tables.push({ columns, rows, isCut });
    },
  };
}

function streamed(format: "csv" | "json"): Sink {
  let columns: readonly string[] = [];
  let count = 0;
  return {
    begin: (names) => {
      columns = names;
      if (format === "csv") process.stdout.write(csvHeader(columns));
    },
    rows: async (rows) => {
      count += rows.length;
      // A reader that is slower than the query must not fill the memory.
      if (!process.stdout.write(rowsText({ columns, rows }, format))) await once(process.stdout, "drain");
    },
    end: (isCut) => {
      sayIfCut(isCut, count);
    },
  };
}

function sayIfCut(isCut: boolean, count: number): void {
  if (isCut)
    process.stderr.write(
      `The first ${countText(count, "row")}; there are more: --limit <rows>, or --format csv for all\n`,
    );
}

/** Pages what is longer than the terminal. */
async function printed(text: string, format: Format): Promise<void> {
  const { isTTY, rows: height } = process.stdout;
  if (!isTTY || format !== "table" || text.split("\n").length < height || !process.stdin.isTTY) {
    process.stdout.write(text);
    return;
  }
  const pager = spawn(process.env.PAGER || "less", process.env.PAGER ? [] : ["-FRSX"], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const missing = once(pager, "error").then(() => "missing" as const);
  pager.stdin.on("error", () => undefined).end(text);
  if ((await Promise.race([missing, once(pager, "close")])) === "missing") process.stdout.write(text);
}

function rowCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("must be a number of rows, at least 1");
  return value;
}
