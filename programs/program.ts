import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Result of a program. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface ProgramOptions {
  /** @default - the folder of this process */
  readonly cwd?: string;
  /** The complete environment of the program. @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line of standard output as it is written. @default - none */
  readonly onLine?: (line: string) => void;
  /** Called with the child as soon as it runs, for example to end it. @default - none */
  readonly onStart?: (child: ChildProcess) => void;
}

/** The program is not installed. */
export class ProgramMissing extends Error {
  override readonly name = "ProgramMissing";
}

/**
 * Runs a program and returns its output and exit code. A non-zero exit code is not an error.
 *
 * @throws ProgramMissing when the program is not installed
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> {
  const started = performance.now();
  const { onLine, onStart, ...places } = options;
  const child = spawn(command, args, { ...places, stdio: ["ignore", "pipe", "pipe"] });
  onStart?.(child);
  if (onLine !== undefined) createInterface({ input: child.stdout }).on("line", onLine);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new ProgramMissing(`${command} is not installed`) : error);
    });
    child.on("close", (code, signal) => {
      resolve({
        exitCode: code ?? 1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString() + (signal === null ? "" : `terminated by ${signal}\n`),
        seconds: (performance.now() - started) / 1000,
      });
    });
  });
}
