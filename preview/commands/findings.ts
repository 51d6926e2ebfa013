import { readInput } from "../files";
import { PreviewInputError } from "../input-error";
import { findingsIn } from "../judge/findings";
import type { Finding } from "../report/assessment";

/**
 * Findings in SARIF files.
 *
 * @throws Error with the name of the file, if it is missing or not SARIF
 */
export function readFindings(files: readonly string[]): Finding[] {
  return files.flatMap((file) => {
    const text = readInput("--findings", file).toString();
    try {
      return findingsIn(text);
    } catch (error) {
      if (error instanceof PreviewInputError) throw new Error(`--findings ${file} ${error.message}`);
      throw error;
    }
  });
}
