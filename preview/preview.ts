import { describe, shortened } from "./diff/describe";
import { resourceDifference } from "./diff/resource";
import type { FailedInput, PlanInput, PlannedInput, PreviewInput } from "./input";
import { PreviewInputError } from "./input-error";
import { accessChanges } from "./judge/access/changes";
import { Inside } from "./judge/access/owners";
import { changeOf } from "./judge/changes";
import { costOf } from "./judge/cost/cost";
import { countsOf } from "./judge/counts";
import { digestOf } from "./judge/digest";
import { graphOf } from "./judge/graph";
import { groupsOf } from "./judge/groups";
import { guardEntries, withAllowances } from "./judge/guard";
import { KnownAfter } from "./judge/known-after";
import { classify } from "./judge/loss/classify";
import { lossesOf } from "./judge/loss/losses";
import { obstaclesOf } from "./judge/obstacles/obstacles";
import { Places } from "./judge/places";
import { plainVariables } from "./judge/plain-variables";
import { protectionChanges } from "./judge/protections";
import { renamedConstructs } from "./judge/renames";
import { compareText, referenceOf, rowOf, rowsOf } from "./judge/rows";
import { inOrder, type StackState, stackSummaries } from "./judge/stacks";
import { touchesOf } from "./judge/touches";
import { headlineOf, verdictOf } from "./judge/verdict";
import { warningsOf } from "./judge/warnings";
import { wayBackIn } from "./judge/way-back";
import { flagsOf } from "./mask/flags";
import { withMaskedKeys } from "./mask/instance-keys";
import { Masks } from "./mask/masks";
import { errorsOf } from "./plan/log";
import { readPlan } from "./plan/read";
import type { PlannedOutput, StackPlan } from "./plan/stack-plan";
import { isCrossStack } from "./plan/state";
import type { Report } from "./report";
import type { FailedCheck } from "./report/assessment";
import type { Drift, OutputChange } from "./report/changes";
import type { SynthesizedApp } from "./synth/app";
import { plansBetween } from "./synth/plans";

/**
 * Reads the plans, assesses their changes, and returns the report. A plan that cannot be read is reported as errored;
 * the content of a plan never causes an exception.
 */
export function previewReport(input: PreviewInput): Report {
  const json =
    input.base === undefined || input.head === undefined ? [] : plansBetween(input.base, input.head);
  const states = input.plans.map((plan) => stateOf(plan, json));
  return reportOf([...states, ...unplanned(json, states)], input);
}

/** Reports the changes from base to head, based on their synthesized JSON alone. */
export function diffReport(
  input: Omit<PreviewInput, "plans" | "truth" | "base" | "head"> & {
    readonly base: SynthesizedApp;
    readonly head: SynthesizedApp;
  },
): Report {
  const states = plansBetween(input.base, input.head).map((plan): StackState => ({
    name: plan.stack,
    plan,
    status: "planned",
  }));
  return reportOf(states, { ...input, truth: "json" });
}

function reportOf(given: readonly StackState[], input: Omit<PreviewInput, "plans">): Report {
  const { base, head } = input;
  const unmasked = given.flatMap(({ plan }) => plan ?? []);
  const masks = Masks.of(unmasked, input.plainVariables ?? plainVariables);
  const maskKeys = withMaskedKeys(unmasked, masks);
  const states = inOrder(
    given.map((state) => (state.plan === undefined ? state : { ...state, plan: maskKeys(state.plan) })),
    head,
  );
  const plans = states.flatMap(({ plan }) => plan ?? []);
  const rows = rowsOf(plans);
  const changed = rows.filter(({ action }) => action !== undefined);
  const places = new Places([base, head], input.sources ?? []);
  const wayBack = wayBackIn(rows);
  const renames = renamedConstructs(changed);
  const judged = changed.map((row) => ({ row, classified: classify(row, wayBack) }));
  const changes = judged.map(({ row, classified }) => changeOf(row, classified, places, masks));
  const losses = lossesOf(judged, rows, renames, wayBack, masks).map((loss) => {
    const { path } = places.of(loss);
    return path === undefined ? loss : { ...loss, path };
  });
  const access = accessChanges(changed, new Inside(rows, [base, head]), new KnownAfter(rows), masks);
  const unready = states.flatMap(({ name, status }) =>
    status === "errored" || status === "blocked" ? [`${name} ${status}`] : [],
  );
  const digest = digestOf(
    states.flatMap(({ plan, status }) => (status === "planned" && plan !== undefined ? [plan] : [])),
    unready,
    masks,
    input.digestKey,
  );
  const guard = withAllowances(guardEntries(losses, access), input.allow ?? [], digest);
  const stacks = stackSummaries(states, changed, input, masks);
  const outputs = plans.flatMap((plan) => outputChanges(plan, plans, masks));
  const counts = countsOf(
    changed,
    plans.flatMap((plan) => plan.outputs),
  );
  const checks = plans.flatMap((plan) => failedChecks(plan, masks));
  const drift = plans.flatMap((plan) => driftOf(plan, masks));
  const judgement = { stacks, counts, guard, checks, strictChecks: input.strictChecks ?? false };
  const verdict = verdictOf(judgement);
  return {
    version: 1,
    verdict,
    headline: headlineOf(verdict, judgement),
    truth: input.truth,
    commits: input.commits ?? {},
    digest,
    counts,
    warnings: warningsOf(input, { plans, stacks, checks, changes, drift, guard, digest }, masks),
    stacks,
    guard,
    losses,
    obstacles: obstaclesOf(changed, rows, renames, masks),
    access,
    protections: protectionChanges(changed).map((change) => ({
      ...change,
      what: masks.message(change.what),
    })),
    groups: groupsOf(changes, changed, renames, input.causes ?? [], masks),
    changes,
    outputs,
    drift,
    checks,
    touches: touchesOf(changed, head, masks),
    cost: costOf(changed),
    findings: (input.findings ?? []).map((finding) => ({
      ...finding,
      message: masks.message(finding.message),
    })),
    graph: graphOf(changes, rows, places),
  };
}

function stateOf(input: PlanInput, json: readonly StackPlan[]): StackState {
  if ("error" in input) return { name: input.stack, status: "errored", detail: errorText(input) };
  if ("blockedBy" in input) {
    const plan = json.find(({ stack }) => stack === input.stack);
    return {
      name: input.stack,
      status: "blocked",
      detail: `waits for ${input.blockedBy}`,
      ...(plan !== undefined && { plan }),
    };
  }
  return plannedState(input);
}

function plannedState({ stack, content, log = "" }: PlannedInput): StackState {
  try {
    const plan = readPlan(stack, content);
    const errors = errorsOf(log);
    return {
      name: stack,
      plan,
      status: "planned",
      ...(plan.errored && { detail: errors.length > 0 ? errors.join("; ") : "planning failed" }),
    };
  } catch (error) {
    if (!(error instanceof PreviewInputError)) throw error;
    return { name: stack, status: "errored", detail: `the file ${error.message}` };
  }
}

/** Reduces a log of Terraform to its errors. */
function errorText({ error }: FailedInput): string {
  const errors = errorsOf(error);
  return (errors.length > 0 ? errors.join("; ") : error).replace(ansi, "").trim();
}

// eslint-disable-next-line no-control-regex -- terminal colors start with the control character ESC
const ansi = /\u001b\[[\d;]*[A-Za-z]/g;

/** Stacks of head without a plan whose JSON changes. */
function unplanned(json: readonly StackPlan[], states: readonly StackState[]): StackState[] {
  const known = new Set(states.map(({ name }) => name));
  return json
    .filter(
      ({ stack, resources }) => !known.has(stack) && resources.some(({ actions }) => actions[0] !== "no-op"),
    )
    .map((plan) => ({
      name: plan.stack,
      plan,
      status: "unplanned",
      detail: "no plan was provided; the changes are those of the synthesized JSON",
    }));
}

function outputChanges(
  { stack, outputs }: StackPlan,
  plans: readonly StackPlan[],
  masks: Masks,
): OutputChange[] {
  return outputs
    .filter(({ actions }) => actions.join() !== "no-op")
    .map((output) => ({
      stack,
      name: output.name,
      action: outputAction(output),
      ...outputSides(output, masks),
      consumers: plans
        .filter((plan) => plan.stack !== stack && isConsumer(plan, stack))
        .map((plan) => plan.stack),
    }))
    .sort((one, other) => compareText(one.name, other.name));
}

function outputAction({ actions }: PlannedOutput): OutputChange["action"] {
  const [action] = actions;
  return actions.length === 1 && (action === "create" || action === "update" || action === "delete")
    ? action
    : "unknown";
}

function outputSides(output: PlannedOutput, masks: Masks): Pick<OutputChange, "before" | "after" | "note"> {
  const flags = flagsOf(output.beforeSensitive, output.afterSensitive);
  const shown = (value: PlannedOutput["before"]) =>
    value === null ? undefined : describe(value, output.name, flags, masks);
  const after = output.unknown === true ? "(known after apply)" : shown(output.after);
  const before = shown(output.before);
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(isCrossStack(output.name) && { note: "sensitive by default, because another stack reads it" }),
  };
}

/** CDK for Terraform reads the outputs of another stack from a remote state with this name. */
function isConsumer(plan: StackPlan, stack: string): boolean {
  return plan.configured.has(`data.terraform_remote_state.cross-stack-reference-input-${stack}`);
}

function failedChecks({ stack, checks }: StackPlan, masks: Masks): FailedCheck[] {
  return checks.map(({ address, status, problems }) => ({
    stack,
    address,
    status,
    problems: problems.map((problem) => shortened(masks.message(problem), 500)),
  }));
}

function driftOf(plan: StackPlan, masks: Masks): Drift[] {
  return plan.drift.flatMap((resource): Drift[] => {
    const row = rowOf(plan, resource);
    if (row.action === undefined) return [];
    const { differences } = resourceDifference(resource, undefined, masks);
    const relevant = plan.relevant.some((attribute) => attribute.startsWith(`${resource.address}.`));
    return [{ ...referenceOf(row), action: row.action, differences, relevant }];
  });
}
