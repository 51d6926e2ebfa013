import { resolve } from "node:path";
import type { PlanInput } from "../preview/input";
import { Masks } from "../preview/mask/masks";
import { plainVariables } from "../preview/judge/plain-variables";
import { PreviewInputError } from "../preview/input-error";
import { readPlan } from "../preview/plan/read";
import type { StackPlan } from "../preview/plan/stack-plan";
import { inputsOf } from "../preview/plans/against-state";
import { hasChanges } from "../preview/plans/apply";
import { planAll, type Planned } from "../preview/plans/tools";
import { previewReport } from "../preview/preview";
import type { Report } from "../preview/report";
import { readApp } from "../preview/synth/read";
import { initAndPlan } from "../terraform/plan-stack";
import { among } from "../terraform/run-in-order";
import type { StackFolder } from "../terraform/stack-folder";
import type { Terraform } from "../terraform/terraform";
import type { Request } from "./request";

/** The plans of all stacks. */
export interface Plans {
  readonly report: Report;
  /** Whether a stack could not be planned. */
  readonly failed: boolean;
  /** Stacks that have something to apply, with their plan files. */
  readonly changing: readonly StackFolder[];
  readonly unchanged: readonly StackFolder[];
  /** Hides the secrets of the plans. */
  readonly masks: Masks;
}

export interface PlanSettings extends Pick<Request, "action" | "migrateState" | "parallelism"> {
  readonly outdir: string;
  readonly terraform: Terraform;
  readonly signal: AbortSignal;
}

/**
 * Initializes and plans stacks, several at the same time. The names of all resources are computed, so a stack can be
 * planned before those that it depends on are deployed.
 */
export async function planStacks(
  stacks: readonly StackFolder[],
  { action, migrateState, parallelism, outdir, terraform, signal }: PlanSettings,
): Promise<Plans> {
  const planned = await planAll(
    stacks,
    {
      terraform,
      signal,
      parallelism,
      cache: resolve("node_modules", ".cache", "tributary", "preview-providers"),
      mirror: process.env.TRIBUTARY_PROVIDER_MIRROR,
    },
    ({ folder }, settings) =>
      initAndPlan(folder, { ...settings, migrateState, destroy: action === "destroy" }),
  );
  const inputs = inputsOf(planned);
  const changing = planned.filter(hasChanges).map(({ stack }) => stack);
  return {
    report: previewReport({ plans: inputs, head: readApp(outdir), truth: "state" }),
    failed: inputs.some((input) => !("content" in input)) || planned.some(errored),
    changing: among(changing, stacks),
    unchanged: stacks.filter((stack) => !changing.includes(stack)),
    masks: Masks.of(inputs.flatMap(readable), plainVariables),
  };
}

/** Terraform writes a plan also when it fails half way. */
function errored({ outcome }: Planned): boolean {
  return outcome.kind === "failed" || outcome.log.includes('"@level":"error"');
}

/** A plan of a Terraform newer than the report is applied all the same. */
function readable(input: PlanInput): StackPlan[] {
  if (!("content" in input)) return [];
  try {
    return [readPlan(input.stack, input.content)];
  } catch (error) {
    if (error instanceof PreviewInputError) return [];
    throw error;
  }
}
