/**
 * Runs a command that can be interrupted: Ctrl-C, SIGTERM and SIGHUP abort the signal passed to it, and the command is
 * awaited. Further signals are ignored, because a terminal and npm both forward the same one.
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

/** As in a shell: 128 plus the number of SIGINT. */
export const interruptedExitCode = 130;
