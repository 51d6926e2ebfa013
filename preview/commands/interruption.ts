/**
 * Runs a command that can be stopped: on Ctrl-C, SIGTERM or SIGHUP the signal it is given is aborted, and it is waited
 * for. Signals that follow at once are the same one: a terminal and npm both pass it on.
 */
export async function interruptible<Result>(
  command: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = () => {
    if (!controller.signal.aborted) process.stderr.write("\nStopping...\n");
    controller.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await command(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** By a shell's rule: 128 and the number of SIGINT. */
export const interruptedExitCode = 130;
