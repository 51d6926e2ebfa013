/** Result of one check. A check that cannot run is skipped, never passed. */
export type Verdict = "passed" | "failed" | "skipped";

/** `15 passed, 0 failed, 1 skipped` */
export function closingLine(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}

/**
 * Runs checks, prints the closing line as the last line, and sets the exit code: 0 if no check failed. An error counts
 * as one failed check; its stack trace is shown only if `DEBUG` is set.
 */
export async function conclude(check: () => Promise<readonly Verdict[]>): Promise<void> {
  const verdicts = await check().catch((error: unknown): readonly Verdict[] => {
    const known = error instanceof Error;
    const text = known && !process.env.DEBUG ? error.message : known ? error.stack : String(error);
    process.stdout.write(`${text}\n\n`);
    return ["failed"];
  });
  process.stdout.write(`${closingLine(verdicts)}\n`);
  process.exitCode = verdicts.includes("failed") ? 1 : 0;
}
