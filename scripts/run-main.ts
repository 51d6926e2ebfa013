/**
 * Runs the main function of a command. If it fails, writes the message to standard error and sets exit code 1. The stack
 * trace refers to a bundle, so it is shown only if `DEBUG` is set.
 */
export function runMain(command: () => void): void {
  // cdktf captures a stack trace for every token, which takes a third of the synthesis time and is never shown.
  const captureStackTrace = Object.getOwnPropertyDescriptor(Error, "captureStackTrace");
  if (!process.env.DEBUG) {
    Error.prepareStackTrace = () => "";
    Error.captureStackTrace = () => undefined;
  }
  try {
    command();
  } catch (error) {
    const known = error instanceof Error;
    process.stderr.write(
      `${known && !process.env.DEBUG ? error.message : known ? error.stack : String(error)}\n`,
    );
    process.exitCode = 1;
  } finally {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    if (captureStackTrace !== undefined) Object.defineProperty(Error, "captureStackTrace", captureStackTrace);
  }
}
