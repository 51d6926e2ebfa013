/**
 * Runs a command. When it fails, people get the message on standard error and the process exit code 1; the stack
 * trace, which points into a bundle, only with `DEBUG` set.
 */
export function plainly(command: () => void): void {
  // cdktf takes a stack trace for every token it makes: a third of a synthesis, for nobody to see.
  if (!process.env.DEBUG) Error.prepareStackTrace = () => "";
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
  }
}
