import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePlan, type PlanSettings, showPlan } from "../../terraform/plan-stack";
import { manners } from "./fill";
import { type PlanJson, readPlanJson } from "./plan-json";
import { readPlanLog } from "./plan-log";
import type { Schemas } from "./schema";
import { emptyState, type State, stateOf } from "./state";

/** The state that base would create, or why it cannot be determined. */
export type Settled =
  { readonly kind: "settled"; readonly state: State } | { readonly kind: "failed"; readonly error: string };

/** Name of the state file of a stack that is planned without its actual state. */
export const stateFileName = "terraform.tfstate";

/**
 * Determines the state that an apply of an initialized stack would create in an empty project. The state is created from
 * a plan, and refined until a plan shows no changes, so that the provider confirms it. For resources that the provider
 * still changes or rejects, the next variant of placeholders is tried.
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
      // Errors in the first plan are errors of the configuration.
      const exhausted = refused.every((address) => (tried.get(address) ?? 0) >= manners.length - 1);
      if (last === undefined || exhausted) return { kind: "failed", error: log };
      refused.forEach(tryNext);
    } else {
      if (now.length === 0) return { kind: "settled", state };
      const shown = await showPlan(folder, made.log, settings);
      if (shown.kind === "failed") return shown;
      last = readPlanJson(shown.content.toString());
      // The first rounds resolve references. Resources that still change require another variant.
      if (round > 1) now.filter((address) => changed.includes(address)).forEach(tryNext);
      changed = now;
    }
    state = stateOf(last, await schemas, mannerOf, round + 2);
  }
  return {
    kind: "failed",
    error: `the state that base would create cannot be determined: every plan changes ${changed.join(", ")}`,
  };
}

const mostRounds = 10;
