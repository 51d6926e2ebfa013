import { spawn } from "node:child_process";
import { once } from "node:events";

/** A server program that runs beside the tests. */
export interface Background {
  /** The first group of `ready` in what it said. */
  readonly said: string;
  /** What it wrote last. */
  log(): string;
  /** Ends it at once and waits for that. May be called twice. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  /** All of its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Matches what it writes when it is ready. */
  readonly ready: RegExp;
  /** Seconds it may take. @default 40 */
  readonly limit?: number;
}

/**
 * Starts a program and waits until it says that it is ready.
 *
 * @throws Error with what it wrote, when it ends or lets itself be waited for too long
 */
export async function startBackground(
  program: string,
  args: readonly string[],
  { env, ready, limit = 40 }: BackgroundOptions,
): Promise<Background> {
  const child = spawn(program, args, { env, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close").then(
    () => "ended before it was ready",
    (error: unknown) => `cannot be started: ${String(error)}`,
  );
  const kill = () => child.kill("SIGKILL");
  // Whoever ends without a word must not leave it running.
  process.once("exit", kill);
  const stop = async () => {
    kill();
    await ended;
    process.off("exit", kill);
  };
  let log = "";
  let waiting: NodeJS.Timeout | undefined;
  try {
    const said = await new Promise<string>((resolve, reject) => {
      const look = (text: string) => {
        log = (log + text).slice(-kept);
        const found = ready.exec(log);
        if (found !== null) resolve(found[1] ?? "");
      };
      child.stdout.setEncoding("utf8").on("data", look);
      child.stderr.setEncoding("utf8").on("data", look);
      const fail = (what: string) => {
        reject(new Error(`${program} ${what}. It wrote:\n${log}`));
      };
      void ended.then(fail);
      waiting = setTimeout(fail, limit * 1000, `is not ready after ${limit} s`);
    });
    return { said, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(waiting);
  }
}

/** Characters of the log. */
const kept = 50_000;
