import { Cleanups } from "../cleanups";
import type { Reporter } from "../report/reporter";

/** Runs `work` so that on a signal its cleanups run before the process ends. */
export async function stoppable<Result>(
  work: (cleanups: Cleanups) => Promise<Result>,
  reporter: Reporter,
): Promise<Result> {
  const cleanups = new Cleanups();
  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const stop = (signal: keyof typeof signals) => {
    reporter.close();
    process.stderr.write(`stopped by ${signal}; run the same command again to continue\n`);
    void cleanups.run().finally(() => process.exit(signals[signal]));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(cleanups);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
