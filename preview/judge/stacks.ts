import type { PreviewInput } from "../input";
import type { Json } from "../json";
import type { Masks } from "../mask/masks";
import type { StackPlan } from "../plan/stack-plan";
import type { StackSummary } from "../report";
import type { SynthesizedApp, SynthesizedStack } from "../synth/app";
import { countsOf, isNothing, sumOf } from "./counts";
import { cloudName } from "./identity";
import { holdingOf } from "./loss/holdings";
import { compareText, isDeleted, type Row } from "./rows";

/** A stack with its plan, or the reason why there is none. */
export interface StackState {
  readonly name: string;
  /** The plan, or the diff of the synthesized JSON if there is no plan. */
  readonly plan?: StackPlan;
  readonly status: "planned" | "errored" | "blocked" | "unplanned";
  readonly detail?: string;
}

/** Summaries of all stacks. */
export function stackSummaries(
  states: readonly StackState[],
  changed: readonly Row[],
  { base, head }: Pick<PreviewInput, "base" | "head">,
  masks: Masks,
): StackSummary[] {
  return [
    ...states.map((state) => summaryOf(state, changed, base, head, masks)),
    ...goneStacks(base, head, changed, masks),
  ];
}

/** Orders stacks by deployment if head is known, otherwise by name. */
export function inOrder(states: readonly StackState[], head: SynthesizedApp | undefined): StackState[] {
  const position = new Map(head?.stacks.map(({ name }, index) => [name, index]));
  const place = (name: string) => position.get(name) ?? position.size;
  return [...states].sort(
    (one, other) => place(one.name) - place(other.name) || compareText(one.name, other.name),
  );
}

function summaryOf(
  state: StackState,
  changed: readonly Row[],
  base: SynthesizedApp | undefined,
  head: SynthesizedApp | undefined,
  masks: Masks,
): StackSummary {
  const counts = countsOf(
    changed.filter(({ stack }) => stack === state.name),
    state.plan?.outputs ?? [],
  );
  const isNew = base !== undefined && !base.stacks.some(({ name }) => name === state.name);
  return {
    name: state.name,
    status: statusOf(state, isNothing(counts)),
    isNew,
    counts,
    ...(state.detail !== undefined && { detail: masks.message(state.detail) }),
    dependencies: head?.stacks.find(({ name }) => name === state.name)?.dependencies ?? [],
  };
}

function statusOf({ status, plan }: StackState, nothing: boolean): StackSummary["status"] {
  if (status !== "planned") return status;
  if (plan?.errored === true) return "errored";
  if (plan?.complete === false) return "partial";
  return nothing && (plan?.invocations.length ?? 0) === 0 ? "unchanged" : "changed";
}

/** Stacks that were removed from the app. Their resources are kept and still incur costs, and no plan contains them. */
function goneStacks(
  base: SynthesizedApp | undefined,
  head: SynthesizedApp | undefined,
  changed: readonly Row[],
  masks: Masks,
): StackSummary[] {
  if (base === undefined || head === undefined) return [];
  const names = new Set(head.stacks.map(({ name }) => name));
  return base.stacks
    .filter(({ name }) => !names.has(name))
    .map((stack) => ({
      name: stack.name,
      status: "gone" as const,
      isNew: false,
      counts: sumOf([]),
      detail: masks.message(goneText(stack, changed)),
      dependencies: stack.dependencies,
    }));
}

function goneText(stack: SynthesizedStack, changed: readonly Row[]): string {
  const managed = stack.resources.filter(({ mode }) => mode === "managed");
  const holding = managed.filter((resource) => holdingOf(resource.type, resource.arguments) !== undefined);
  const text = JSON.stringify(managed.map((resource): Json => resource.arguments));
  const deleted = changed.filter(isDeleted).flatMap((row) => cloudName(row.resource.type, row.before) ?? []);
  const needs = deleted.filter((name) => name.length >= 5 && text.includes(name));
  return [
    `its ${managed.length} resources are kept and incur costs${holding.length > 0 ? `, ${holding.length} of them contain data` : ""}`,
    "destroy it from base first",
    ...(needs.length > 0 ? [`it depends on resources that this change deletes: ${needs.join(", ")}`] : []),
  ].join("; ");
}
