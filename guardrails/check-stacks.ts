import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Manifest, type TerraformStack } from "cdktf";
import type { Finding, Rule } from "./rule";
import { readSynthesis } from "./synthesis";

/**
 * Synthesizes stacks into a temporary folder and checks them together against rules.
 *
 * @returns the findings, none when all rules are kept
 * @throws Error when there are no stacks or no rules, since such a check would always pass, and when cdktf cannot
 *   synthesize a stack
 */
export function checkStacks(
  stacks: TerraformStack | readonly TerraformStack[],
  rules: readonly Rule[],
): readonly Finding[] {
  const all = [stacks].flat();
  if (all.length === 0) throw new Error("There are no stacks to check");
  if (rules.length === 0) throw new Error("There are no rules to check the stacks against");
  const outdir = mkdtempSync(join(tmpdir(), "guardrails-"));
  try {
    const manifest = new Manifest("guardrails", outdir, false);
    // As App.synth() does: a reference to another stack adds an output there, so all are prepared first.
    for (const stack of all) stack.prepareStack();
    for (const stack of all) stack.synthesizer.synthesize({ outdir, manifest, skipValidation: true });
    const synthesis = readSynthesis(all, { outdir, manifest });
    return rules.flatMap((rule) => rule(synthesis));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
