import { spawn } from "node:child_process";

/** How a command of the project ended. */
export interface Ended {
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
  // Whoever is asked to stop waits for the child: it has a database of its own to stop first.
  const waitForChild = () => undefined;
  const passOn = () => child.kill("SIGTERM");
  process.on("SIGINT", waitForChild).on("SIGTERM", passOn);
  try {
    const output: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
    const exitCode = await new Promise<number>((ended, failed) => {
      child.once("error", failed);
      child.once("close", (code, signal) => {
        ended(code ?? (signal === "SIGINT" ? 130 : 143));
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
    process.off("SIGINT", waitForChild).off("SIGTERM", passOn);
  }
}
