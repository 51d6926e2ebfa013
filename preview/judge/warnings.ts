import type { PreviewInput } from "../input";
import type { Masks } from "../mask/masks";
import type { StackPlan } from "../plan/stack-plan";
import type { Drift, FailedCheck, GuardEntry, ResourceChange, StackSummary } from "../report";
import { staleAllowances } from "./guard";

/** What a reviewer must know before reading on. */
export function warningsOf(
  input: Pick<PreviewInput, "warnings" | "allow">,
  found: {
    readonly plans: readonly StackPlan[];
    readonly stacks: readonly StackSummary[];
    readonly checks: readonly FailedCheck[];
    readonly changes: readonly ResourceChange[];
    readonly drift: readonly Drift[];
    readonly guard: readonly GuardEntry[];
    readonly digest: string;
  },
  masks: Masks,
): string[] {
  const { plans, stacks, checks, changes, drift, guard, digest } = found;
  const partial = stacks.filter(({ status }) => status === "partial").map(({ name }) => name);
  const unknown = changes.filter(({ action }) => action === "unknown");
  const invocations = plans.flatMap(({ stack, invocations: actions }) =>
    actions.map((action) => `${stack}: ${action}`),
  );
  const stale = staleAllowances(input.allow ?? [], guard, digest);
  const relevant = drift.filter((one) => one.relevant).length;
  return [
    ...(input.warnings ?? []),
    ...checks.map(
      ({ stack, address, problems }) => `Check failed in ${stack}: ${[address, ...problems].join(": ")}`,
    ),
    ...(partial.length > 0
      ? [
          `The plan of ${partial.join(", ")} is incomplete (-target, or deferred changes): it must not be approved as the whole`,
        ]
      : []),
    ...unknown.map(
      ({ stack, address, actions }) => `${stack}: ${address} has an unknown action (${actions.join(", ")})`,
    ),
    ...invocations.map((invocation) => `Terraform invokes an action in ${invocation}`),
    ...(relevant > 0
      ? [`${relevant} of the resources these changes build on changed outside of Terraform`]
      : []),
    ...stale.map((entry) => `--allow ${entry} allows nothing here: the address or the digest is another`),
  ].map((warning) => masks.message(warning));
}
