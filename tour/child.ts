import { spawn } from "node:child_process";
import { constants } from "node:os";

/** How a command of the project ended. */
export interface Ended {
  /** By a shell's rule 128 and the signal's number when a signal ended it. */
  readonly exitCode: number;
  /** Lines of its standard output, the empty ones left out. */
  readonly lines: readonly string[];
}

/**
 * Runs one of the project's own commands as its npm script would, in the current folder. Its standard error goes to
 * the terminal, its standard output is collected.
 *
 * @param entry entry file, `job/main.ts`
 * @param environment variables in addition to this process's own
 */
export async function runCommand(
  entry: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ["scripts/run.mjs", entry, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  let asked = false;
  const stop = (signal: NodeJS.Signals) => {
    // It has a database of its own to stop, so it is waited for; a second signal ends the patience.
    if (asked) child.kill("SIGKILL");
    // A terminal has told the child as well.
    else if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    asked = true;
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const output: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
    const exitCode = await new Promise<number>((ended, failed) => {
      child.once("error", failed);
      child.once("close", (code, signal) => {
        ended(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
    return {
      exitCode,
      lines: output
        .join("")
        .split(/\r?\n/)
        .filter((line) => line.trim() !== ""),
    };
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
