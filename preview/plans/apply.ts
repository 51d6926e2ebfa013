import * as z from "zod/mini";
import { applyPlan } from "../../terraform/apply-plan";
import { among, type Outcome, runInOrder } from "../../terraform/run-in-order";
import type { Terraform } from "../../terraform/terraform";
import type { Planned } from "./tools";

/** Progress of a deployment. */
export interface Applied {
  /** Applied stacks. */
  readonly applied: readonly string[];
  /** Failed stacks; their changes may be partially applied. */
  readonly failed: readonly string[];
  /** Stacks with changes that were not started. */
  readonly left: readonly string[];
}

/**
 * Applies exactly the existing plan files, each stack after its dependencies, several at the same time. If one fails,
 * those that are running are finished, and those that depend on it are not started. A running apply is never killed,
 * because resources it created would be missing from the state.
 *
 * @param planned stacks in the order of deployment
 * @param say called with each line of progress
 */
export async function applyAll(
  planned: readonly Planned[],
  { terraform, signal }: { readonly terraform: Terraform; readonly signal: AbortSignal },
  say: (line: string) => void,
): Promise<Applied> {
  const stacks = planned.map(({ stack }) => stack);
  const changing = planned.filter(hasChanges).map(({ stack }) => stack);
  const outcomes = await runInOrder(among(changing, stacks), { parallelism, signal }, ({ name, folder }) =>
    applyPlan(folder, {
      terraform,
      signal,
      say: (line) => {
        say(`${name}: ${line}`);
      },
    }),
  );
  const those = (kind: Outcome["kind"]) =>
    [...outcomes].filter(([, outcome]) => outcome.kind === kind).map(([{ name }]) => name);
  return { applied: those("done"), failed: those("failed"), left: those("not started") };
}

/** How many stacks are applied at the same time. */
const parallelism = 4;

const applyable = z.looseObject({ applyable: z._default(z.boolean(), true) });

/** Whether there is something to apply; also where the plan is not in a form that is known here. */
export function hasChanges({ outcome }: Planned): boolean {
  if (outcome.kind !== "planned") return false;
  const read = applyable.safeParse(parsed(outcome.content.toString()));
  return !read.success || read.data.applyable;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
