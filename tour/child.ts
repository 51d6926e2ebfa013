import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Result of a command of the project. */
export interface Ended {
  /** If a signal terminated the command: 128 plus the number of the signal, as in a shell. */
  readonly exitCode: number;
  /** Lines of its standard output, without empty lines. */
  readonly lines: readonly string[];
}

/**
 * Runs a command of the project as its npm script does, in the current folder. Its standard error is inherited, its
 * standard output is collected.
 *
 * @param entry entry file, `job/main.ts`
 * @param environment additional environment variables
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
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Wait for the command, which may have to stop its database. A second signal kills it.
    if (stopping) child.kill("SIGKILL");
    // A terminal sends SIGINT to the child as well.
    else if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    stopping = true;
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
