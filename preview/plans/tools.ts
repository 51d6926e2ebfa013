import { availableParallelism } from "node:os";
import type { PlanInput } from "../input";
import { Interrupted } from "../../terraform/child";
import { inParallel } from "../../terraform/in-parallel";
import type { StackFolder } from "../../terraform/stack-folder";
import type { PlanSettings, StackPlan } from "../../terraform/plan-stack";
import { getProviders } from "../../terraform/providers";
import type { Terraform } from "../../terraform/terraform";

/** Everything that planning requires. */
export interface Tools {
  readonly terraform: Terraform;
  /** Folder that caches providers between runs. */
  readonly cache: string;
  /** A folder in the layout of `terraform providers mirror`. */
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal;
  /** How many stacks are planned at the same time. @default - one per core */
  readonly parallelism?: number;
  /** Called after each stack. */
  readonly onDone?: (stack: string, outcome: string) => void;
}

/** A stack and the outcome of planning it. */
export interface Planned {
  readonly stack: StackFolder;
  readonly outcome: StackPlan;
}

/**
 * Plans stacks in parallel, one per core. A stack whose provider is missing fails with the reason; the others are
 * planned.
 */
export async function planAll(
  stacks: readonly StackFolder[],
  tools: Tools,
  plan: (stack: StackFolder, settings: PlanSettings) => Promise<StackPlan>,
  needed: readonly StackFolder[] = stacks,
): Promise<Planned[]> {
  const { terraform, signal, parallelism = availableParallelism() } = tools;
  const providersOf = await getProviders(needed, tools);
  return inParallel(stacks, parallelism, async (stack) => {
    const providers = providersOf(stack);
    const outcome: StackPlan =
      providers.kind === "missing"
        ? { kind: "failed", error: providers.reason }
        : await plan(stack, { terraform, pluginDirs: providers.pluginDirs, ...(signal && { signal }) }).catch(
            failureOf,
          );
    tools.onDone?.(stack.name, outcome.kind);
    return { stack, outcome };
  });
}

/** An error of one stack does not affect the others. */
function failureOf(error: unknown): StackPlan {
  if (error instanceof Interrupted || !(error instanceof Error)) throw error;
  return { kind: "failed", error: error.message };
}

/** Input of the report. */
export function inputOf({ stack, outcome }: Planned): PlanInput {
  switch (outcome.kind) {
    case "planned":
      return { stack: stack.name, content: outcome.content, log: outcome.log };
    case "failed":
      return { stack: stack.name, error: outcome.error };
  }
}
