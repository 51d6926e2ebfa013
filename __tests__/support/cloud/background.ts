import { spawn } from "node:child_process";
import { once } from "node:events";

/** A server program that runs in the background. */
export interface Background {
  /** The first group of `ready` in its output. */
  readonly announced: string;
  /** Its last output. */
  log(): string;
  /** Kills it and waits until it has exited. Calling it again has no effect. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  /** Its complete environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Matches its output when it is ready. */
  readonly ready: RegExp;
  /** Timeout in seconds. @default - 40 */
  readonly limit?: number;
}

/**
 * Starts a program and waits until it is ready.
 *
 * @throws Error with its output, when it exits or is not ready in time
 */
export async function startBackground(
  program: string,
  args: readonly string[],
  { env, ready, limit = 40 }: BackgroundOptions,
): Promise<Background> {
  const child = spawn(program, args, { env, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close").then(
    () => "exited before it was ready",
    (error: unknown) => `cannot be started: ${String(error)}`,
  );
  const kill = () => child.kill("SIGKILL");
  // Kill the program if this process exits without stopping it.
  process.once("exit", kill);
  const stop = async () => {
    kill();
    await ended;
    process.off("exit", kill);
  };
  let log = "";
  let waiting: NodeJS.Timeout | undefined;
  try {
    const announced = await new Promise<string>((resolve, reject) => {
      const look = (text: string) => {
        log = (log + text).slice(-kept);
        const found = ready.exec(log);
        if (found !== null) resolve(found[1] ?? "");
      };
      child.stdout.setEncoding("utf8").on("data", look);
      child.stderr.setEncoding("utf8").on("data", look);
      const fail = (what: string) => {
        reject(new Error(`${program} ${what}. Its output:\n${log}`));
      };
      void ended.then(fail);
      waiting = setTimeout(fail, limit * 1000, `is not ready after ${limit} s`);
    });
    return { announced, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(waiting);
  }
}

/** Characters of the log to keep. */
const kept = 50_000;
