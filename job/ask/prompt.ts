import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { messageOf } from "../../errors/thrown";

const help = `A statement ends with a semicolon, and can span several lines.
  .tables          tables and views of the warehouse
  .schema <table>  columns of a table
  .help            this text
  .quit            end, as Ctrl-D does
`;

/**
 * Reads statements from a terminal, or from standard input, until it ends. The history is kept in the home.
 *
 * @param answer runs a statement; its errors are printed
 * @returns the number of statements that failed
 */
export async function prompt(home: string, answer: (sql: string) => Promise<void>): Promise<number> {
  const file = join(home, "ask-history");
  const history = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).reverse() : [];
  const { isTTY } = process.stdin;
  if (isTTY) process.stdout.write("Statements end with a semicolon; .help lists commands.\n");
  const lines = createInterface({
    input: process.stdin,
    ...(isTTY && { output: process.stdout }),
    history: history.slice(0, 500),
    historySize: 500,
    prompt: "ask> ",
  });
  let [pending, failures] = ["", 0];
  const run = async (sql: string) => {
    if (isTTY) {
      mkdirSync(home, { recursive: true });
      appendFileSync(file, `${sql.replace(/\s+/g, " ").trim()}\n`);
    }
    try {
      await answer(sql);
    } catch (error) {
      failures++;
      process.stderr.write(`${messageOf(error)}\n`);
    }
  };
  if (isTTY) lines.prompt();
  for await (const line of lines) {
    const isCommand = pending === "" && /^\s*\./.test(line);
    pending += `${line}\n`;
    if (/^\s*\.(quit|exit)\b/.test(line)) break;
    if (/^\s*\.help\b/.test(line)) process.stdout.write(help);
    else if (isCommand || /;\s*$/.test(line)) await run(pending);
    else {
      if (isTTY) process.stdout.write("...> ");
      continue;
    }
    pending = "";
    if (isTTY) lines.prompt();
  }
  lines.close();
  if (pending.trim() !== "" && !isTTY) await run(pending);
  return failures;
}
