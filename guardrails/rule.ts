import type { Synthesis } from "./synthesis";

/** Checks synthesized stacks. Each rule of this package is a function that returns one. */
export type Rule = (synthesis: Synthesis) => readonly Finding[];

/** One violation of a rule. */
export interface Finding {
  /** Path of the construct: `dev-lake/lake`. */
  readonly path: string;
  /** What is wrong, as a sentence that begins with the path. */
  readonly found: string;
  /** What to do. */
  readonly fix: string;
}

/** The findings as text, two lines each, after a line that counts them. */
export function report(findings: readonly Finding[]): string {
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  return [count, ...findings.map(({ path, found, fix }) => `  - ${path} ${found}\n    ${fix}`)].join("\n");
}
