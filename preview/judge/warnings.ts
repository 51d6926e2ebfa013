import type { PreviewInput } from "../input";
import type { Masks } from "../mask/masks";
import type { StackPlan } from "../plan/stack-plan";
import type { StackSummary } from "../report";
import type { FailedCheck, GuardEntry } from "../report/assessment";
import type { Drift, ResourceChange } from "../report/changes";
import { staleAllowances } from "./guard";

/** Warnings at the top of the report. */
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
          `The plan of ${partial.join(", ")} is incomplete (-target or deferred changes): do not approve it as the complete plan`,
        ]
      : []),
    ...unknown.map(
      ({ stack, address, actions }) => `${stack}: ${address} has an unknown action (${actions.join(", ")})`,
    ),
    ...invocations.map((invocation) => `Terraform invokes an action in ${invocation}`),
    ...(relevant > 0
      ? [
          `${relevant} ${relevant === 1 ? "resource that the plan depends on was" : "resources that the plan depends on were"} changed outside of Terraform`,
        ]
      : []),
    ...stale.map(
      (entry) => `--allow ${entry} does not match: the guard rejected no change with this address and digest`,
    ),
  ].map((warning) => masks.message(warning));
}
