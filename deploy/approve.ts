import { createInterface } from "node:readline/promises";
import type { Request } from "./request";

/** @throws Error when there is nobody to ask */
export function requireTerminal(): void {
  if (process.stdin.isTTY) return;
  throw new Error(
    "There is no terminal at which to confirm the changes: pass --auto-approve to apply them unasked.",
  );
}

/** Asks whether to apply. An interruption is a no. */
export async function approve({ action, env }: Request, signal: AbortSignal): Promise<boolean> {
  const where = env === undefined ? "" : ` ${action === "deploy" ? "to" : "from"} ${env}`;
  const question =
    action === "deploy"
      ? `Deploy these changes${where}? Only "yes" is accepted: `
      : `Destroy all of this${where}? There is no way back. Only "yes" is accepted: `;
  // Without `terminal: false`, readline would take Ctrl-C away from the process.
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  try {
    return (await lines.question(question, { signal })).trim() === "yes";
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
