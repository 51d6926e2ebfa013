import { rmSync } from "node:fs";
import { join } from "node:path";
import type { App, TerraformStack } from "cdktf";
import { type Finding, report, type Rule } from "./rule";
import { readSynthesis } from "./synthesis";

/** Synthesized stacks violate rules. The message lists every finding with the path of its construct. */
export class GuardrailError extends Error {
  override readonly name = "GuardrailError";
  constructor(
    title: string,
    readonly findings: readonly Finding[],
  ) {
    super(`${title}: ${report(findings)}`);
  }
}

/** What `guardApp` checks. */
export interface GuardAppProps {
  /** The first word of the error message, such as the name of the environment. */
  readonly title: string;
  readonly stacks: readonly TerraformStack[];
  readonly rules: readonly Rule[];
}

/**
 * Makes `app.synth()` check the stacks together. When a rule is violated, `app.synth()` throws a `GuardrailError`, and
 * the output folder has no manifest, so that the cdktf CLI does not deploy it.
 */
export function guardApp(app: App, { title, stacks, rules }: GuardAppProps): void {
  app.node.addValidation({
    validate: () => {
      const synthesis = readSynthesis(stacks, app);
      const findings = rules.flatMap((rule) => rule(synthesis));
      if (findings.length === 0) return [];
      // The manifest of an earlier synthesis would declare this one successful.
      rmSync(join(app.outdir, "manifest.json"), { force: true });
      throw new GuardrailError(title, findings);
    },
  });
}
