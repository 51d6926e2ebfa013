import { isObject, type Json } from "../json";
import { hidden, type Masks } from "../mask/masks";
import { describe } from "./describe";
import { equal, isEmpty } from "./equal";
import { without } from "./without";

/** An environment variable. */
export interface Variable {
  readonly value?: Json;
  /** Where the value comes from, such as a secret. */
  readonly source?: Json;
}

/** The variable in an element of a list of variables. */
export function variableOf(item: Json | undefined): Variable {
  if (!isObject(item)) return { value: item };
  const { value, value_source: source } = item;
  const rest = without(item, ["name", "value", "value_source"]);
  return { value, source: isEmpty(source) ? (isEmpty(rest) ? undefined : rest) : source };
}

export function isSameVariable(one: Variable, other: Variable): boolean {
  return equal(one.value, other.value) && equal(one.source, other.source);
}

/** The part of a variable that is set: a variable with a source has an empty value. */
export function setPart({ value, source }: Variable): Json | undefined {
  return isEmpty(value) ? source : value;
}

/** The source of a variable. Its value can be a secret, and is not shown. */
export function describeVariable({ value, source }: Variable, masks: Masks): string | undefined {
  if (!isEmpty(source)) return `from ${describe(source, "", false, masks)}`;
  return isEmpty(value) ? undefined : hidden;
}
