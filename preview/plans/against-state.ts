import type { PlanInput } from "../input";
import {
  initAndPlan,
  initStack,
  planStack,
  type PlanSettings,
  type StackPlan,
} from "../../terraform/plan-stack";
import type { StackFolder } from "../../terraform/stack-folder";
import { withoutState } from "../workspace/override";
import { inputOf, planAll, type Planned, type Tools } from "./tools";

/**
 * Plans each stack against its own state.
 *
 * @param writes whether the plans may be applied; otherwise, an account with read access is enough
 */
export async function planAgainstState(
  stacks: readonly StackFolder[],
  tools: Tools,
  { writes }: { readonly writes: boolean },
): Promise<Planned[]> {
  return planAll(stacks, tools, (stack, settings) =>
    writes ? initAndPlan(stack.folder, settings) : planReading(stack, settings),
  );
}

/**
 * If a stack has no state, Terraform's GCS backend writes an empty one when it is initialized, and a lock before that.
 * If the account may not write, it has found out that there is no state, and the plan of an empty state is the same.
 */
async function planReading(stack: StackFolder, settings: PlanSettings): Promise<StackPlan> {
  const { folder } = stack;
  const failed = await initStack(folder, settings);
  if (failed === undefined) return planStack(folder, settings);
  if (!/writing "gs:\/\/[^"]+\.tflock" failed: googleapi: Error 403/.test(failed.error)) return failed;
  withoutState(stack);
  return initAndPlan(folder, settings);
}

/** Input of the report. A stack that failed because another stack is not deployed yet is blocked by that stack. */
export function inputsOf(planned: readonly Planned[]): PlanInput[] {
  const stacks = planned.map(({ stack }) => stack);
  return planned.map((one) => {
    const blocker = blockerOf(one.stack, errorOf(one.outcome), stacks);
    return blocker === undefined ? inputOf(one) : { stack: one.stack.name, blockedBy: blocker };
  });
}

/** Terraform can write a plan even if planning fails. */
function errorOf(outcome: StackPlan): string {
  if (outcome.kind === "failed") return outcome.error;
  return outcome.log.includes('"@level":"error"') ? outcome.log : "";
}

/** The stack with the missing dependency: the bucket of the state, or outputs that are read. */
function blockerOf(stack: StackFolder, error: string, all: readonly StackFolder[]): string | undefined {
  const others = all.filter(({ name }) => name !== stack.name);
  const bucket = stack.configuration.terraform.backend?.gcs?.bucket;
  const noBucket = /bucket (doesn't|does not) exist|NoSuchBucket|storage: bucket/i.test(error);
  if (noBucket && typeof bucket === "string") return others.find((one) => makesBucket(one, bucket))?.name;

  // cdktf names the data source after the stack whose outputs it reads.
  const reads = Object.keys(stack.configuration.data.terraform_remote_state ?? {});
  return others.find(({ name }) => {
    const source = `cross-stack-reference-input-${name}`;
    return reads.includes(source) && error.includes(source);
  })?.name;
}

function makesBucket({ configuration }: StackFolder, bucket: string): boolean {
  const buckets = Object.values(configuration.resource.google_storage_bucket ?? {});
  return buckets.some(({ name }) => name === bucket);
}
