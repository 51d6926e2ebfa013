import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { evaluated, type Names } from "./evaluate";
import { limits } from "./limits";
import { asList, asMap, asNumber, asText, isMap, type MapValue } from "./values";

/**
 * The variables of each iteration of a loop over a list, the keys of a map, or a range with both its ends.
 * https://cloud.google.com/workflows/docs/reference/syntax/iteration
 */
export function iterations(loop: MapValue, names: Names): MapValue[] {
  const name = asText(loop.value);
  if ("range" in loop) {
    const [first = 0, last = 0] = asList(loop.range).map((bound) => asNumber(evaluated(bound, names)));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({ [name]: first + index }));
  }
  const values = evaluated(loop.in, names);
  return (isMap(values) ? Object.keys(values) : asList(values)).map((value, index) => ({
    [name]: value,
    ...(typeof loop.index === "string" && { [loop.index]: index }),
  }));
}

/** What a branch or iteration of a parallel step executes, and with which variables of its own. */
export interface BranchSteps {
  readonly id: string;
  readonly steps: readonly Value[];
  readonly variables: MapValue;
}

/** https://cloud.google.com/workflows/docs/reference/syntax/parallel-steps: either `branches` or `for`. */
export function branchesOf(step: MapValue, names: Names): BranchSteps[] {
  if ("branches" in step) {
    const all = asList(step.branches).flatMap((branch) => Object.entries(asMap(branch)));
    if (all.length > limits.branches) throw new Error(`more than ${limits.branches} branches`);
    return all.map(([id, branch]) => ({ id, steps: asList(asMap(branch).steps), variables: {} }));
  }
  const loop = asMap(step.for);
  const steps = asList(loop.steps);
  return iterations(loop, names).map((variables, index) => ({ id: String(index), steps, variables }));
}
