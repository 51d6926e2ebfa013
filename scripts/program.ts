import { spawn } from "node:child_process";

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface ProgramOptions {
  /** @default - the folder of this process */
  readonly cwd?: string;
  /** All of the program's environment. @default - this process's own */
  readonly env?: NodeJS.ProcessEnv;
}

/** There is no program of that name. */
export class ProgramMissing extends Error {
  override readonly name = "ProgramMissing";
}

/**
 * Runs a program to its end and returns what it wrote, whatever its exit code.
 *
 * @throws ProgramMissing when it cannot be started because it is not there
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> {
  const started = performance.now();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
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
        stderr: Buffer.concat(stderr).toString() + (signal === null ? "" : `ended by ${signal}\n`),
        seconds: (performance.now() - started) / 1000,
      });
    });
  });
}
