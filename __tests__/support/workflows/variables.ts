import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { parse, parts } from "./expression";
import { every, expressionsOf, type Named, stepsOf, withoutSteps } from "./source";
import { isList, isMap, type MapValue } from "./values";

/**
 * Variables that are read where they do not exist. A variable of a `for` loop, an `except` block, or a branch exists only
 * there: "accessing it outside of the loop will raise an error when deploying the workflow".
 * https://cloud.google.com/workflows/docs/reference/syntax/variables#variable-scope
 */
export function missingVariables(steps: Value, params: readonly string[]): string[] {
  const named = stepsOf(steps);
  const visible = new Set([...params, ...named.flatMap(({ body }) => created(body))]);
  return within(named, visible);
}

function within(steps: readonly Named[], visible: ReadonlySet<string>): string[] {
  return steps.flatMap(({ name, body }) => [
    ...missingIn(body, visible).map((variable) => `step ${name}: there is no variable ${variable}`),
    ...inside(body, visible),
  ]);
}

/** What the steps inside a step lack. */
function inside(body: MapValue, visible: ReadonlySet<string>): string[] {
  const blocks = [body, ...(isList(body.switch) ? body.switch : []), body.try].flatMap((block) =>
    isMap(block) && "steps" in block ? [block] : [],
  );
  const tried = isMap(body.try) && !("steps" in body.try) ? inside(body.try, visible) : [];
  return [
    ...blocks.flatMap(({ steps }) => within(stepsOf(steps), visible)),
    ...tried,
    ...scopesOf(body).flatMap(({ steps, own }) => {
      const named = stepsOf(steps);
      const all = new Set([...visible, ...own, ...named.flatMap((step) => created(step.body))]);
      return within(named, all);
    }),
  ];
}

/** The lists of steps with variables of their own, and the variables that they start with. */
function scopesOf({ except, for: loop, parallel }: MapValue): { steps: Value; own: string[] }[] {
  const loops = [loop, isMap(parallel) ? parallel.for : undefined].filter((one) => isMap(one));
  const branches = isMap(parallel) && isList(parallel.branches) ? parallel.branches : [];
  return [
    ...loops.map(({ steps, value, index }) => ({ steps: steps ?? [], own: texts([value, index]) })),
    ...(isMap(except) ? [{ steps: except.steps ?? [], own: texts([except.as]) }] : []),
    ...branches.flatMap((branch) =>
      Object.values(isMap(branch) ? branch : {}).map((one) => ({
        steps: isMap(one) ? (one.steps ?? []) : [],
        own: [],
      })),
    ),
  ];
}

/** Variables that a step creates in its own scope: by assignment, as a result, or in the blocks inside it. */
function created(body: MapValue): string[] {
  const assigned = isList(body.assign)
    ? body.assign.flatMap((one) => Object.keys(isMap(one) ? one : {}))
    : [];
  const blocks = [body.steps, ...(isList(body.switch) ? body.switch : []), body.try];
  return [
    ...assigned.filter((target) => /^\w+$/.test(target)),
    ...texts([body.result]),
    ...blocks.flatMap((block) =>
      isList(block)
        ? stepsOf(block).flatMap((step) => created(step.body))
        : isMap(block)
          ? created(block)
          : [],
    ),
  ];
}

/** Variables in the expressions of a step, without those of the steps inside it. */
function missingIn(body: MapValue, visible: ReadonlySet<string>): string[] {
  const own = Object.fromEntries(Object.entries(body).filter(([key]) => key !== "retry"));
  const targets = isList(body.assign) ? body.assign.flatMap((one) => Object.keys(isMap(one) ? one : {})) : [];
  const read = [...targets.map((target) => `\${${target}}`), ...expressionsOf(withoutSteps(own))];
  return read.flatMap((text) => variablesIn(text)).filter((variable) => !visible.has(variable));
}

function variablesIn(text: string): string[] {
  const inner = /^\$\{(.*)\}$/s.exec(text)?.[1];
  if (inner === undefined) return [];
  try {
    return parts(parse(inner)).flatMap((part) => (part.kind === "variable" ? [part.name] : []));
  } catch {
    return [];
  }
}

/**
 * Variables of the parent that a branch assigns although they are not shared, which a deployment rejects.
 * https://cloud.google.com/workflows/docs/samples/workflows-parallel-shared-variables
 */
export function unsharedVariables(steps: readonly Value[], params: readonly string[]): string[] {
  return every(steps).flatMap(({ name, body }) => {
    if (!isMap(body.parallel)) return [];
    const shared = isList(body.parallel.shared) ? body.parallel.shared : [];
    const outside = [...params, ...assignedIn(without(steps, body.parallel))];
    const written = new Set(assignedIn(body.parallel));
    return [...written]
      .filter((variable) => outside.includes(variable) && !shared.includes(variable))
      .map((variable) => `step ${name}: ${variable} is assigned in parallel but not shared`);
  });
}

/** Variables that a value assigns, at any depth: `outcomes[period]` assigns `outcomes`. */
function assignedIn(value: Value): string[] {
  if (isList(value)) return value.flatMap((item) => assignedIn(item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === "assign" && isList(part))
      return part
        .flatMap((entry) => Object.keys(isMap(entry) ? entry : {}))
        .map((target) => target.replace(/[[.].*$/, ""));
    if (["result", "as", "value", "index"].includes(key) && typeof part === "string") return [part];
    return assignedIn(part);
  });
}

/** A value with one part of it left out. */
function without(value: Value, part: Value): Value {
  if (value === part) return null;
  if (isList(value)) return value.map((item) => without(item, part));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, without(item, part)]));
}

function texts(values: readonly (Value | undefined)[]): string[] {
  return values.filter((value) => typeof value === "string");
}
