/** What became of one check. What could not be tried is skipped, never passed. */
export type Verdict = "passed" | "failed" | "skipped";

/** `15 passed, 0 failed, 1 skipped` */
export function closingLine(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}

/**
 * Runs a command that checks things, prints the closing line alone on the last line, and sets the exit code: 0 when
 * nothing failed. An error counts as one failed check; its stack trace is shown only with `DEBUG` set.
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
