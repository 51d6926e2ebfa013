import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePlan, type PlanSettings, showPlan } from "../../terraform/plan-stack";
import { manners } from "./fill";
import { type PlanJson, readPlanJson } from "./plan-json";
import { readPlanLog } from "./plan-log";
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
export async function settle(
  folder: string,
  schemas: Promise<Schemas>,
  settings: PlanSettings,
): Promise<Settled> {
  const tried = new Map<string, number>();
  const mannerOf = (address: string) => manners[(tried.get(address) ?? 0) % manners.length] ?? manners[0];
  const tryNext = (address: string) => tried.set(address, (tried.get(address) ?? 0) + 1);
  let state = emptyState(settings.terraform.version);
  let last: PlanJson | undefined;
  let changed: readonly string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    writeFileSync(join(folder, stateFileName), JSON.stringify(state), { mode: 0o600 });
    const made = await makePlan(folder, { ...settings, refresh: false });
    const log = made.kind === "made" ? made.log : made.error;
    const { errored, refused, changed: now } = readPlanLog(log);
    if (errored || made.kind === "failed") {
      // The first plan is the configuration's own: what is refused there is wrong, not unknown.
      const exhausted = refused.every((address) => (tried.get(address) ?? 0) >= manners.length - 1);
      if (last === undefined || exhausted) return { kind: "failed", error: log };
      refused.forEach(tryNext);
    } else {
      if (now.length === 0) return { kind: "settled", state };
      const shown = await showPlan(folder, made.log, settings);
      if (shown.kind === "failed") return shown;
      last = readPlanJson(shown.content.toString());
      // At first, values that others refer to become known; what changes still is kept in another manner.
      if (round > 1) now.filter((address) => changed.includes(address)).forEach(tryNext);
      changed = now;
    }
    state = stateOf(last, await schemas, mannerOf, round + 2);
  }
  return {
    kind: "failed",
    error: `what base makes cannot be told without its state: ${changed.join(", ")} would change at every plan`,
  };
}

const mostRounds = 10;
