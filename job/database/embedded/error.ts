/** The embedded Postgres could not be started or stopped. The message says where, why and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}

/** What to do about the causes that are easily told from a program's output; otherwise the output itself. */
export function explain(output: string): string {
  const text = output.trim() === "" ? "(it wrote nothing)" : output.trim();
  return text.includes("No space left on device")
    ? `The disk is full: free some space and run again.\n${text}`
    : text;
}
