/**
 * Runs a command that can be stopped. The first Ctrl-C, SIGTERM or SIGHUP aborts `signal`: the command shuts down
 * gracefully, and is waited for. Another one aborts `force`: it stops at once. Signals that follow within a second are
 * the same one, since a terminal and npm both pass it on.
 */
export async function interruptible<Result>(
  command: (signal: AbortSignal, force: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const graceful = new AbortController();
  const forced = new AbortController();
  let first = 0;
  const stop = () => {
    if (!graceful.signal.aborted) {
      first = performance.now();
      process.stderr.write("\nStopping...\n");
      graceful.abort();
    } else if (performance.now() - first > sameSignal) forced.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await command(graceful.signal, forced.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

const sameSignal = 1_000;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** By a shell's rule: 128 and the number of SIGINT. */
export const interruptedExitCode = 130;
