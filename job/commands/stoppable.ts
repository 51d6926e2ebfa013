import { Cleanups } from "../cleanups";
import type { Reporter } from "../report/reporter";

/**
 * Runs `work` so that on a signal its cleanups run before the process ends. Then nothing of `work` is reported any more:
 * its failures are those of what the cleanups closed.
 */
export async function stoppable<Result>(
  work: (cleanups: Cleanups) => Promise<Result>,
  reporter: Pick<Reporter, "close">,
): Promise<Result> {
  const cleanups = new Cleanups();
  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const stopped = new AbortController();
  const stop = (signal: keyof typeof signals) => {
    // A second signal waits for the same cleanups.
    if (stopped.signal.aborted) return;
    stopped.abort();
    reporter.close();
    process.stderr.write(`stopped by ${signal}; run the same command again to continue\n`);
    process.exitCode = signals[signal];
    process.on("uncaughtException", () => undefined);
    void cleanups.run().finally(() => process.exit());
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(cleanups);
  } finally {
    if (stopped.signal.aborted) await new Promise(() => undefined);
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
