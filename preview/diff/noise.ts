import { isArray, isObject, type Json, type JsonObject } from "../json";
import type { ResourceChange } from "../report/changes";
import { equal } from "./equal";

/** Whether only labels or computed attributes differ, determined without computing the differences. */
export function noiseOf(
  before: JsonObject,
  after: JsonObject,
  isFolded: (name: string) => boolean,
): ResourceChange["noise"] {
  let labels = false;
  for (const name in before) {
    const kind = noiseIn(name, before[name], after[name], isFolded);
    if (kind === "none") return undefined;
    labels ||= kind === "labels";
  }
  for (const name in after) {
    const kind = Object.hasOwn(before, name) ? "same" : noiseIn(name, undefined, after[name], isFolded);
    if (kind === "none") return undefined;
    labels ||= kind === "labels";
  }
  return labels ? "labels" : "computed";
}

function noiseIn(
  name: string,
  before: Json | undefined,
  after: Json | undefined,
  isFolded: (name: string) => boolean,
): "same" | "labels" | "folded" | "none" {
  if (before === after || equal(before, after)) return "same";
  if (labelNames.has(name) || (isArray(before) && equal(withoutLabels(before), withoutLabels(after))))
    return "labels";
  return isFolded(name) || isSame(before, after) ? "folded" : "none";
}

/** Attributes for labels. */
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

/** Whether values differ only in order or whitespace. */
function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (typeof one === "string" && typeof other === "string")
    return isSpaced(one) !== isSpaced(other) && one.replace(/\s+/g, "") === other.replace(/\s+/g, "");
  if (!isArray(one) || !isArray(other) || one.length !== other.length) return false;
  const sorted = (list: readonly Json[]) => list.map((item) => JSON.stringify(item)).sort();
  const [here, there] = [sorted(one), sorted(other)];
  return here.every((item, at) => item === there[at]);
}

/** Whether JSON is indented. */
function isSpaced(text: string): boolean {
  return /^\s*[[{]\s/.test(text);
}
