import { isArray, isObject, type Json, type JsonObject } from "../json";
import type { ResourceChange } from "../report";
import { equal } from "./equal";

/** What of an update nobody needs to read, told without working out its differences. */
export function noiseOf(
  before: JsonObject,
  after: JsonObject,
  isFolded: (name: string) => boolean,
): ResourceChange["noise"] {
  let labels = false;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, fresh] = [before[name], after[name]];
    if (old === fresh || equal(old, fresh)) continue;
    if (labelNames.has(name) || equal(withoutLabels(old), withoutLabels(fresh))) labels = true;
    else if (!isFolded(name) && !isSame(old, fresh)) return undefined;
  }
  return labels ? "labels" : "computed";
}

/** Names under which providers keep labels. */
export const labelNames: ReadonlySet<string> = new Set([
  ...["labels", "effective_labels", "terraform_labels", "labels_all", "tags", "tags_all"],
  ...["user_labels", "resource_labels"],
]);

function withoutLabels(value: Json | undefined): Json | undefined {
  if (!isArray(value)) return value;
  return value.map((item) =>
    isObject(item)
      ? Object.fromEntries(Object.entries(item).filter(([name]) => !labelNames.has(name)))
      : item,
  );
}

/** The same in another order, or with other white space. */
function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (typeof one === "string" && typeof other === "string")
    return isSpaced(one) !== isSpaced(other) && one.replace(/\s+/g, "") === other.replace(/\s+/g, "");
  if (!isArray(one) || !isArray(other) || one.length !== other.length) return false;
  const sorted = (list: readonly Json[]) => list.map((item) => JSON.stringify(item)).sort();
  const [here, there] = [sorted(one), sorted(other)];
  return here.every((item, at) => item === there[at]);
}

/** JSON with white space for people. */
function isSpaced(text: string): boolean {
  return /^\s*[[{]\s/.test(text);
}
