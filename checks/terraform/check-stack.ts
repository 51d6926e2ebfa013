import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StackJson } from "../../scripts/synthesized";
import type { Terraform } from "../../terraform/terraform";
import type { Verdict } from "../verdict";
import { type Diagnostic, distinct, planned, validateDiagnostics } from "./diagnostics";
import type { Provider } from "./providers";
import { override } from "./working-copy";

/** Result of Terraform for one stack. */
export interface StackCheck {
  readonly stack: string;
  readonly verdict: Verdict;
  readonly steps: Readonly<Record<Step, StepState>>;
  /** Number of resources that the plan adds. @default - no plan */
  readonly add?: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it was skipped. */
  readonly reason?: string;
  readonly seconds: number;
}

export const steps = ["init", "validate", "plan", "settle"] as const;
export type Step = (typeof steps)[number];
export type StepState = "ok" | "failed" | "-";

/** Result for a stack that could not be checked. */
export function skippedStack(stack: string, reason: string): StackCheck {
  return { stack, verdict: "skipped", steps: none, diagnostics: [], reason, seconds: 0 };
}

/** Result for a stack that cannot be initialized. */
export function failedStack(stack: string, reason: string): StackCheck {
  return failed(none, { stack, diagnostics: [error(reason, "")], seconds: 0 });
}

/**
 * Initializes, validates and plans a stack in its folder, which it modifies. The stack fails on errors, on warnings,
 * and if the plan does not add exactly the resources of the stack.
 *
 * @param providers all required providers, by local name
 */
export async function checkStack(
  { stack, json, folder }: SynthesizedStack,
  { terraform, providers }: Tools,
): Promise<StackCheck> {
  const versions = new Map([...providers].map(([name, { version }]) => [name, version]));
  writeFileSync(join(folder, "z_override.tf.json"), JSON.stringify(override(json, versions), null, 2));

  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const run = (...args: string[]) => terraform.run(args, { folder });
  const pluginDirs = [...providers.values()].map(({ pluginDir }) => `-plugin-dir=${pluginDir}`);
  const init = await run("init", "-input=false", "-no-color", ...pluginDirs);
  if (init.exitCode !== 0) {
    const diagnostics = [error("terraform init failed", init.stderr.trim())];
    return failed({ ...none, init: "failed" }, { stack, diagnostics, seconds: seconds() });
  }

  const validate = await run("validate", "-json");
  const found = validateDiagnostics(validate.stdout.toString());
  if (validate.exitCode !== 0)
    return failed(
      { ...none, init: "ok", validate: "failed" },
      { stack, diagnostics: found, seconds: seconds() },
    );

  const plan = await run("plan", "-json", "-input=false", "-lock=false");
  const { diagnostics, add } = planned(plan.stdout.toString());
  const all = distinct([...found, ...diagnostics, ...miscounted(json, add)]);
  const outcome = {
    stack,
    diagnostics: all,
    seconds: seconds(),
    ...(add !== undefined && { add }),
  };
  if (plan.exitCode !== 0)
    return failed({ init: "ok", validate: "ok", plan: "failed", settle: "-" }, outcome);
  return {
    ...outcome,
    verdict: all.length === 0 ? "passed" : "failed",
    steps: { init: "ok", validate: "ok", plan: "ok", settle: "-" },
  };
}

export interface SynthesizedStack {
  readonly stack: string;
  readonly json: StackJson;
  /** Contains its cdk.tf.json. */
  readonly folder: string;
}

export interface Tools {
  readonly terraform: Terraform;
  readonly providers: ReadonlyMap<string, Extract<Provider, { kind: "there" }>>;
}

const none = { init: "-", validate: "-", plan: "-", settle: "-" } as const;

function failed(steps: StackCheck["steps"], rest: Omit<StackCheck, "verdict" | "steps">): StackCheck {
  return { ...rest, steps, verdict: "failed" };
}

function error(summary: string, detail: string): Diagnostic {
  return { severity: "error", summary, detail };
}

/** In an empty project, a plan adds exactly the resources of the stack. */
function miscounted({ resource }: StackJson, add: number | undefined): Diagnostic[] {
  const count = Object.values(resource).reduce((sum, byId) => sum + Object.keys(byId).length, 0);
  if (add === undefined || add === count) return [];
  return [error(`the plan adds ${add} resources, but the stack has ${count}`, "")];
}
