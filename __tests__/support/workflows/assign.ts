import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { raised } from "./errors";
import { evaluate, evaluated, type Names } from "./evaluate";
import { type Expression, parse } from "./expression";
import { limits } from "./limits";
import type { Scope } from "./scope";
import { asMap, asNumber, asText, isList } from "./values";

/**
 * Executes the assignments of a step in order, so that each sees the ones before it.
 * https://cloud.google.com/workflows/docs/reference/syntax/variables#assign-step
 */
export function assign(entries: readonly Value[], scope: Scope, names: Names): void {
  if (entries.length > limits.assignments) throw new Error(`more than ${limits.assignments} assignments`);
  for (const [target, value] of entries.flatMap((entry) => Object.entries(asMap(entry)))) {
    const { name, keys } = targetOf(parse(target), names);
    const assigned = evaluated(value, names);
    scope.set(name, keys.length === 0 ? assigned : replaced(scope.get(name), keys, assigned));
  }
}

/** The variable and the keys of `outcomes[period].rows`. */
function targetOf(of: Expression, names: Names): { readonly name: string; readonly keys: readonly Value[] } {
  if (of.kind === "variable") return { name: of.name, keys: [] };
  if (of.kind !== "member") throw new Error("only a variable or a part of one can be assigned");
  const { name, keys } = targetOf(of.of, names);
  return { name, keys: [...keys, evaluate(of.key, names)] };
}

/**
 * A copy of a map or list with another value at the keys. Missing maps are created.
 * https://cloud.google.com/workflows/docs/reference/syntax/maps#update-map
 */
function replaced(whole: Value, keys: readonly Value[], value: Value): Value {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (isList(whole)) {
    const index = asNumber(key);
    const inner = whole[index];
    if (inner === undefined) throw raised("IndexError", `index ${index} of ${whole.length} items`);
    return whole.with(index, replaced(inner, rest, value));
  }
  const map = asMap(whole);
  const inner = map[asText(key)] ?? (rest.length === 0 ? null : {});
  return { ...map, [asText(key)]: replaced(inner, rest, value) };
}
