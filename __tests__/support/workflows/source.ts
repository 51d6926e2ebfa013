import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { isList, isMap, type MapValue } from "./values";

/** A step of the source code. */
export interface Named {
  readonly name: string;
  readonly body: MapValue;
}

/** The steps of a list, without those inside them. */
export function stepsOf(steps: Value | undefined): Named[] {
  return (isList(steps) ? steps : []).map((step) => {
    const [name = "", body] = Object.entries(isMap(step) ? step : {})[0] ?? [];
    return { name, body: isMap(body) ? body : {} };
  });
}

/** The list and every list of steps inside it, each on its own. */
export function lists(steps: Value | undefined): Named[][] {
  const named = stepsOf(steps);
  return [named, ...named.flatMap(({ body }) => inner(body).flatMap(lists))];
}

/** All steps of a list, and those inside them. */
export function every(steps: Value | undefined): Named[] {
  return lists(steps).flat();
}

function inner(value: Value): Value[] {
  if (isList(value)) return value.flatMap((item) => inner(item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "steps" ? [part] : inner(part)));
}

/** A value without the steps inside it. */
export function withoutSteps(value: Value): Value {
  if (isList(value)) return value.map((item) => withoutSteps(item));
  if (!isMap(value)) return value;
  const own = Object.entries(value).filter(([key]) => key !== "steps");
  return Object.fromEntries(own.map(([key, part]) => [key, withoutSteps(part)]));
}

/** The expressions of a value, and what looks like one but is not. */
export function expressionsOf(value: Value): string[] {
  if (isList(value)) return value.flatMap((item) => expressionsOf(item));
  if (isMap(value)) return Object.values(value).flatMap((part) => expressionsOf(part));
  return typeof value === "string" && value.includes("${") ? [value] : [];
}
