import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { planStack, type PlanSettings, type StackPlan } from "../terraform/plan-stack";
import { manners } from "./fill";
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
 * again until nothing is left to change. So the provider itself says what is right. What it keeps changing, or refuses,
 * is tried in another manner.
 */
export async function settle(folder: string, schemas: Schemas, settings: PlanSettings): Promise<Settled> {
  const tried = new Map<string, number>();
  const mannerOf = (address: string) => manners[tried.get(address) ?? 0] ?? manners[0];
  let state = emptyState(settings.terraform.version);
  let last: PlanJson | undefined;
  let changed: string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    writeFileSync(join(folder, stateFileName), JSON.stringify(state), { mode: 0o600 });
    const planned = await planStack(folder, { ...settings, refresh: false });
    const plan = usable(planned);
    if (typeof plan === "string") {
      const refused = refusedIn(plan).filter((address) => (tried.get(address) ?? 0) < manners.length - 1);
      // The first plan is the configuration's own: what is refused there is wrong, not unknown.
      if (last === undefined || refused.length === 0) return { kind: "failed", error: plan };
      for (const address of refused) tried.set(address, (tried.get(address) ?? 0) + 1);
      state = stateOf(last, schemas, mannerOf, round + 2);
      continue;
    }
    const before = changed;
    changed = restless(plan);
    if (changed.length === 0) return { kind: "settled", state };
    // At first, values that others refer to become known; what changes still is kept in another manner.
    for (const address of changed)
      if (round > 1 && before.includes(address))
        tried.set(address, ((tried.get(address) ?? 0) + 1) % manners.length);
    last = plan;
    state = stateOf(plan, schemas, mannerOf, round + 2);
  }
  return {
    kind: "failed",
    error: `what base makes cannot be told without its state: ${changed.join(", ")} would change at every plan`,
  };
}

const mostRounds = 10;

function usable(planned: StackPlan): PlanJson | string {
  if (planned.kind === "failed") return planned.error;
  const plan = readPlanJson(planned.content.toString());
  return plan.errored ? planned.log : plan;
}

const errorLine = z.object({
  "@level": z.literal("error"),
  diagnostic: z.object({ address: z.string() }),
});

/** The resources that a log of `terraform plan -json` has errors about. */
function refusedIn(log: string): string[] {
  return log.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const read = errorLine.safeParse(JSON.parse(line));
    return read.success ? [read.data.diagnostic.address] : [];
  });
}
