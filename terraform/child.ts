import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/** Result of a process. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly cwd: string;
  /** Complete environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Interrupts the process, which then has time to shut down gracefully. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds from the interrupt until the process is killed. `Infinity` for processes that must complete, such as an apply.
   * @default 10000
   */
  readonly patience?: number;
  /**
   * Aborts the program even if it has not shut down: it gets a second interrupt, on which Terraform stops immediately,
   * and is killed 10 seconds later.
   * @default - never
   */
  readonly force?: AbortSignal;
  /** Called with each chunk of standard output. @default - output is only collected */
  readonly onOutput?: (text: string) => void;
}

/** The program is not installed. */
export class ProgramMissing extends Error {
  override readonly name = "ProgramMissing";
}

/**
 * Runs a program and returns its output, regardless of its exit code. The program runs in its own process group: Ctrl-C
 * in the terminal reaches only this process, which forwards exactly one interrupt (Terraform aborts immediately on a
 * second one), and child processes that the program leaves behind, such as provider plugins, are killed.
 *
 * @throws ProgramMissing if the program is not installed
 * @throws Interrupted if the signal aborted it; never with infinite patience, because the result is still relevant
 */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<Ended> {
  const { cwd, env, signal, patience = 10_000, force, onOutput } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new Interrupted());
      return;
    }
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const decoder = new StringDecoder("utf8");
    child.stdout.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      onOutput?.(decoder.write(chunk));
    });
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));

    let killing: NodeJS.Timeout | undefined;
    const interrupt = (within: number) => {
      child.kill("SIGINT");
      clearTimeout(killing);
      if (pid !== undefined && Number.isFinite(within))
        killing = setTimeout(() => {
          killGroup(pid);
        }, within);
    };
    const shutDown = () => {
      interrupt(patience);
    };
    const stop = () => {
      interrupt(10_000);
    };
    signal?.addEventListener("abort", shutDown, { once: true });
    force?.addEventListener("abort", stop, { once: true });
    const over = () => {
      signal?.removeEventListener("abort", shutDown);
      force?.removeEventListener("abort", stop);
      clearTimeout(killing);
      if (pid === undefined) return;
      running.delete(pid);
      killGroup(pid);
    };
    // "close" would wait for plugins that outlive Terraform and keep its pipes open.
    child.on("exit", over);
    child.on("error", (error: NodeJS.ErrnoException) => {
      over();
      reject(error.code === "ENOENT" ? new ProgramMissing(`${command} is not installed`) : error);
    });
    child.on("close", (code, by) => {
      if (signal?.aborted === true && Number.isFinite(patience)) {
        reject(new Interrupted());
        return;
      }
      resolve({
        exitCode: code ?? 1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString() + (by === null ? "" : `ended by ${by}\n`),
      });
    });
  });
}

/** The command was interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("interrupted");
  }
}

/** Leaders of running process groups, which must not outlive this process. */
const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) killGroup(pid);
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has no processes.
  }
}
