import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly cwd: string;
  /** All of the program's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program: it gets an interrupt, and time to shut down gracefully. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds after the interrupt until it is killed. `Infinity` for what must not be cut short, such as an apply.
   * @default 10000
   */
  readonly patience?: number;
  /**
   * Ends the program although it has not shut down: it gets a second interrupt, which Terraform takes as an order to
   * stop at once, and is killed 10 seconds later.
   * @default - never
   */
  readonly force?: AbortSignal;
  /** Called with each chunk of standard output, as it comes. @default - it is collected alone */
  readonly onOutput?: (text: string) => void;
}

/** There is no program of that name. */
export class ProgramMissing extends Error {
  override readonly name = "ProgramMissing";
}

/**
 * Runs a program to its end and returns what it wrote, whatever its exit code. It gets a process group of its own: a
 * Ctrl-C at the terminal reaches this process alone, which passes on exactly one (Terraform takes a second one as an
 * order to drop everything), and what the program leaves behind - Terraform's provider plugins - ends with it.
 *
 * @throws ProgramMissing when it cannot be started because it is not there
 * @throws Interrupted when the signal ended it; never with endless patience, for then its result still counts
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
    // A plugin that outlives Terraform holds its pipes: "close" would wait for it.
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

/** Someone asked to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("interrupted");
  }
}

/** Leaders of the groups that are alive. Whatever ends this process must not leave them behind. */
const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) killGroup(pid);
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
