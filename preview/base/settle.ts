import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { planStack, type PlanSettings, type StackPlan } from "../terraform/plan-stack";
import type { NestedNulls } from "./fill";
import { type PlanJson, readPlanJson, restless } from "./plan-json";
import type { Schemas } from "./schema";
import { emptyState, type State, stateOf } from "./state";

/** The state that base would have made, or why it is not known. */
export type Settled =
  { readonly kind: "settled"; readonly state: State } | { readonly kind: "failed"; readonly error: string };

/** Name of the state file of a stack that is planned without its own. */
export const stateFileName = "terraform.tfstate";

/**
 * The state that an apply of an initialized stack would leave on an empty project: made from its plan, and planned
 * again until nothing is left to change. The provider itself so says what is right.
 */
export async function settle(folder: string, schemas: Schemas, settings: PlanSettings): Promise<Settled> {
  const nulls = new Map<string, NestedNulls>();
  let state = emptyState(settings.terraform.version);
  let changed: string[] = [];
  for (let round = 0; round <= mostRounds; round++) {
    writeFileSync(join(folder, stateFileName), JSON.stringify(state), { mode: 0o600 });
    const planned = await planStack(folder, { ...settings, refresh: false });
    const plan = usable(planned);
    if (typeof plan === "string") return { kind: "failed", error: plan };
    const before = changed;
    changed = restless(plan);
    if (changed.length === 0) return { kind: "settled", state };
    // First values that others refer to become known; what changes still is of the other kind.
    for (const address of changed)
      if (round > 1 && before.includes(address))
        nulls.set(address, nulls.get(address) === "null" ? "zero" : "null");
    state = stateOf(plan, schemas, (address) => nulls.get(address) ?? "zero", round + 2);
  }
  return {
    kind: "failed",
    error: `what base makes cannot be told without its state: ${changed.join(", ")} would change at every plan`,
  };
}

const mostRounds = 6;

function usable(planned: StackPlan): PlanJson | string {
  if (planned.kind === "failed") return planned.error;
  const plan = readPlanJson(planned.content.toString());
  return plan.errored ? planned.log : plan;
}
