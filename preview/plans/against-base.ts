import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SchemaCache } from "../base/schema-cache";
import { settle, stateFileName } from "../base/settle";
import { emptyState, type State } from "../base/state";
import { differing } from "../causes/difference";
import type { PlanInput } from "../input";
import { withoutCloud } from "../workspace/override";
import {
  type FailedStack,
  initStack,
  planStack,
  type PlanSettings,
  type StackPlan,
} from "../../terraform/plan-stack";
import type { StackFolder } from "../../terraform/stack-folder";
import { inputOf, planAll, type Tools } from "./tools";

/**
 * Plans head against the state that base would create, without credentials. The provider distinguishes updates from
 * replacements. Drift is unknown, and ids are placeholders.
 *
 * @param base stacks of base; their folders are modified, as are those of head
 */
export async function planAgainstBase(
  base: readonly StackFolder[],
  head: readonly StackFolder[],
  tools: Tools,
): Promise<PlanInput[]> {
  const pairs = new Map(head.map((stack) => [stack, base.find(({ name }) => name === stack.name)]));
  const schemas = new SchemaCache();
  const counterparts = [...pairs.values()].filter((one) => one !== undefined);
  const planned = await planAll(
    head.filter((stack) => !same(pairs.get(stack), stack)),
    tools,
    async (stack, settings) => {
      const before = await stateBefore(pairs.get(stack), schemas, settings);
      if (before.kind === "failed") return before;
      return planFrom(before.state, stack, settings);
    },
    // Base can require other provider versions than head.
    [...head, ...counterparts].filter((stack) => !same(pairs.get(stack), stack)),
  );
  const byName = new Map(planned.map((one) => [one.stack.name, inputOf(one)]));
  return head.map((stack) => byName.get(stack.name) ?? unchanged(stack, tools.terraform.version));
}

type Before = { readonly kind: "known"; readonly state: State } | FailedStack;

async function stateBefore(
  base: StackFolder | undefined,
  schemas: SchemaCache,
  settings: PlanSettings,
): Promise<Before> {
  if (base === undefined) return { kind: "known", state: emptyState(settings.terraform.version) };
  withoutCloud(base, stateFileName);
  const failed = await initStack(base.folder, settings);
  if (failed !== undefined) return inBase(failed.error);
  const settled = await settle(base.folder, schemas.of(base, settings), settings);
  return settled.kind === "settled" ? { kind: "known", state: settled.state } : inBase(settled.error);
}

function inBase(error: string): Before {
  // Terraform's JSON messages are parsed later; only a sentence can have a prefix.
  return { kind: "failed", error: error.startsWith("{") ? error : `in base: ${error}` };
}

async function planFrom(state: State, stack: StackFolder, settings: PlanSettings): Promise<StackPlan> {
  withoutCloud(stack, stateFileName);
  writeFileSync(join(stack.folder, stateFileName), JSON.stringify(state), { mode: 0o600 });
  const failed = await initStack(stack.folder, settings);
  return failed ?? planStack(stack.folder, { ...settings, refresh: false });
}

/** Whether both sides are identical, so that no plan is required. */
function same(base: StackFolder | undefined, head: StackFolder): boolean {
  return (
    base !== undefined && base !== head && differing([base], [head]).size === 0 && sameOutputs(base, head)
  );
}

function sameOutputs({ configuration: one }: StackFolder, { configuration: other }: StackFolder): boolean {
  return JSON.stringify(one.output ?? {}) === JSON.stringify(other.output ?? {});
}

function unchanged({ name }: StackFolder, terraformVersion: string): PlanInput {
  const plan = {
    format_version: "1.2",
    terraform_version: terraformVersion,
    resource_changes: [],
    applyable: false,
    complete: true,
    errored: false,
  };
  return { stack: name, content: Buffer.from(JSON.stringify(plan)) };
}
